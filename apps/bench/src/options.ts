/** The command line. */
import { parseArgs } from 'node:util';
import { cases, select, type Case } from './cases.js';

export interface Options {
  readonly help: boolean;
  readonly quick: boolean;
  readonly docs: boolean;
  readonly json: string | undefined;
  readonly cases: readonly Case[];
}

/** A command line that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const help = `npm run bench -- [options]

Measures Recurra and its peers in turn and prints how many times as fast it is.

  --quick        fewer and shorter rounds, without the largest size
  --only TEXT    only cases whose name holds TEXT: lstm, "gru 32", gate; may be given several times
  --json FILE    also write every round's times to FILE
  --docs         also write the tables to docs/benchmarks.md; needs all cases and full rounds
  --help         this text

Cases: a cell and batch,time,inputs,units; or gate and the additions in a scope
${cases.map(({ id, slow }) => `  ${id}${slow ? '   (not with --quick)' : ''}`).join('\n')}`;

const known = {
  help: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  docs: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] as string[] },
  json: { type: 'string' },
} as const;

/** @throws UsageError in words that can be acted on */
export function parse(args: readonly string[]): Options {
  const { help: wantsHelp, quick, docs, only, json } = read(args);
  if (only.includes('')) throw new UsageError('--only needs a text, such as lstm');
  if (json === '') throw new UsageError('--json needs the name of a file');
  if (docs && (quick || only.length > 0))
    throw new UsageError('--docs writes the whole table from full rounds: leave --quick and --only away');
  for (const text of only)
    if (select([text], false).length === 0) throw new UsageError(`no case is called ${text}; --help lists them`);
  const chosen = select(only, quick);
  if (chosen.length === 0) throw new UsageError('--quick leaves these cases out; without it they can be measured');
  return { help: wantsHelp, quick, docs, json, cases: chosen };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: false }).values;
  } catch (error) {
    // Node's message names the option; --help names the right ones.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
