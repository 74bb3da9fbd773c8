/** What the command line understands, and how it is written. */
import { parseArgs } from 'node:util';
import { ArgumentError } from '@recurra/core';

export interface CommandOptions {
  /** A path, or the name of an installed package. */
  readonly module: string;
  readonly export: string | undefined;
  readonly only: readonly string[] | undefined;
  readonly decorate: 'without-fused' | 'delayed-read' | undefined;
  /** Paths of files. */
  readonly known: string | undefined;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly seed: number | undefined;
}

export const usage = `recurra-conformance <module> [options]

  Runs the conformance suite on a backend. <module> is a path (./dist/index.js) or the name
  of an installed package; it exports a function that makes the backend, or a promise of it.

  --export <name>      which export makes the backend; default: the default export, or the only function
  --only <ids>         only these cases: kernels, cells/lstm, 'ops/**/empty*'; may be given again
  --decorate <how>     without-fused: as if it had no fused kernels; delayed-read: as if read took its time
  --known <file>       cases that are known to fail, a line 'id: reason' each; those that pass now fail as stale
  --seed <number>      draws the randomised cases anew; default: always the same ones
  --json <file>        also writes every result as JSON
  --markdown <file>    also writes the report as Markdown
  --list               prints the ids of the cases and ends
  --help, --version

  Exit codes: 0 all is well; 1 a case failed, or the list of known failures is wrong;
  2 the suite could not run: wrong options, no such module, the backend could not be made.
`;

export type Command = { readonly action: 'help' | 'version' | 'list' } | ({ readonly action: 'run' } & CommandOptions);

/** @throws ArgumentError for what it does not understand */
export function commandOf(args: readonly string[]): Command {
  const op = 'recurra-conformance';
  const wrong = (problem: string, facts = {}): ArgumentError =>
    new ArgumentError(op, problem, facts, 'recurra-conformance --help lists the options');
  const { values, positionals } = parsed(args, (message) => wrong(message));
  if (values.help) return { action: 'help' };
  if (values.version) return { action: 'version' };
  if (values.list) return { action: 'list' };
  const [module, ...more] = positionals;
  if (module === undefined) throw wrong('a module is missing: recurra-conformance ./dist/index.js');
  if (more.length > 0) throw wrong('one module at a time', { module, more });
  const { decorate } = values;
  if (decorate !== undefined && decorate !== 'without-fused' && decorate !== 'delayed-read')
    throw wrong('--decorate takes without-fused or delayed-read', { decorate });
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0 && values.seed!.trim() !== ''))
    throw wrong('--seed takes a whole number from 0', { seed: values.seed });
  const { export: name, only, known, json, markdown } = values;
  return { action: 'run', module, export: name, only, decorate, known, json, markdown, seed };
}

function parsed(args: readonly string[], wrong: (message: string) => Error) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        export: { type: 'string' },
        only: { type: 'string', multiple: true },
        decorate: { type: 'string' },
        known: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}
