/** From arguments to an exit code. What it prints and reads comes from outside, so that it can be tested. */
import { accessSync, constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError, RecurraError } from '@recurra/core';
import { cases } from '../cases/index.js';
import { wantedCases } from '../checks.js';
import { delayedRead, withoutFused } from '../decorate.js';
import { parseKnownFailures, type KnownFailures } from '../known-failures.js';
import { formatReport } from '../report.js';
import { runSuite } from '../run-suite.js';
import { commandOf, usage, type CommandOptions } from './arguments.js';
import { findBackend } from './find-backend.js';
import { progressLine, type Screen } from './progress.js';
import { jsonOf, markdownOf } from './report-files.js';

export interface Surroundings {
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** The current folder. */
  readonly folder: string;
  readonly version: string;
}

/** 0: all is well. 1: a promise is broken. 2: the suite could not run. */
export async function runCommand(args: readonly string[], where: Surroundings): Promise<0 | 1 | 2> {
  try {
    const command = commandOf(args);
    if (command.action === 'run') return (await run(command, where)) ? 0 : 1;
    const text = {
      help: () => usage,
      version: () => `${where.version}\n`,
      list: () => cases.map(({ id }) => `${id}\n`).join(''),
    }[command.action]();
    where.stdout.write(text);
    return 0;
  } catch (error) {
    // Errors about meaning are written for people; others need their stack.
    const text = error instanceof RecurraError ? error.message : error instanceof Error ? error.stack : String(error);
    where.stderr.write(`${text}\n`);
    return 2;
  }
}

const decorators = { 'without-fused': withoutFused, 'delayed-read': delayedRead };

async function run(options: CommandOptions, { stdout, stderr, folder }: Surroundings): Promise<boolean> {
  const { module, only, decorate, json, markdown } = options;
  const known: KnownFailures | undefined =
    options.known === undefined ? undefined : parseKnownFailures(readText(options.known));
  // Before the run: nobody wants to hear of it after.
  checkWritable('--json', json);
  checkWritable('--markdown', markdown);
  const factory = await findBackend(module, options.export, folder);
  const progress = progressLine(stderr, wantedCases('recurra-conformance', cases, only).length);
  try {
    const report = await runSuite(factory, {
      only,
      known,
      seed: options.seed,
      decorate: decorate && decorators[decorate],
      onCase: progress.show,
    });
    progress.clear();
    stdout.write(`${formatReport(report)}\n`);
    if (json !== undefined) writeFileSync(json, jsonOf(report));
    if (markdown !== undefined) writeFileSync(markdown, markdownOf(report));
    return report.ok;
  } catch (error) {
    progress.clear();
    throw error;
  }
}

function checkWritable(option: string, file: string | undefined): void {
  if (file === undefined) return;
  const wrong = (why: string): ArgumentError =>
    new ArgumentError(
      'recurra-conformance',
      `cannot write ${option} ${file}: ${why}`,
      {},
      'a file in a folder that exists',
    );
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw wrong('it is a folder');
  try {
    accessSync(found ? file : path.dirname(file), constants.W_OK);
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const hint = "a text file, a line 'id: reason' each";
    throw new ArgumentError(
      'recurra-conformance',
      `cannot read --known ${file}: ${(error as Error).message}`,
      {},
      hint,
    );
  }
}
