/** `npm run bench`: every case in turn, progress on stderr, tables on stdout. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { replaceTables } from './docs.js';
import type { Effort } from './interleave.js';
import { measure, type Row } from './measure.js';
import { help, parse, UsageError, type Options } from './options.js';
import { peerNamed, peers } from './peers/index.js';
import { start } from './runner.js';
import { render, verdict } from './table.js';
import { work } from './worker.js';

// Many short rounds: a disturbance spoils few of them, and the two sides of a round lie close together in time.
const full: Effort = { rounds: 21, roundMs: 50, warmUpMs: 500, capMs: 12_000 };
const quick: Effort = { rounds: 7, roundMs: 30, warmUpMs: 250, capMs: 3000 };
const page = 'docs/benchmarks.md';

const [, program = '', ...args] = process.argv;
if (args[0] === '--worker') await work(peerNamed(args[1] ?? ''));
else process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options;
  try {
    options = parse(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nhint: npm run bench -- --help`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const [ours, ...others] = peers.map(({ name }) => name) as [string, ...string[]];
  const circumstances = conditions(options);
  console.error(circumstances);
  const rows = await measureAll(options, ours, others);
  const tables = `${circumstances}\n\n${render(rows, ours)}`;
  console.log(tables);
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`);
  const { missed, refused } = verdict(rows);
  if (missed > 0) console.error(`\n${missed} ${missed === 1 ? 'target' : 'targets'} missed`);
  if (refused > 0) {
    console.error(`\n${refused} refused: the outputs differ`);
    return 1;
  }
  if (options.docs) writeFileSync(page, replaceTables(readFileSync(page, 'utf8'), tables));
  return 0;
}

async function measureAll(options: Options, ours: string, others: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [i, task] of options.cases.entries()) {
    const say = (progress: string): void => console.error(`[${i + 1}/${options.cases.length}] ${task.id}: ${progress}`);
    const effort = options.quick ? quick : full;
    rows.push(...(await measure(task, ours, others, effort, (name) => start(program, name), say)));
  }
  return rows;
}

/** What a reader must know to compare: nothing about whose machine it was, but whether it had other things to do. */
function conditions(options: Options): string {
  const [load = 0] = loadavg();
  const busy = load > availableParallelism() / 2 ? ' Other programs kept the machine busy, so the ratios spread.' : '';
  return `Node ${process.version} on ${process.arch}, one thread, ${options.quick ? 'a quick run' : 'full rounds'}.${busy}`;
}
