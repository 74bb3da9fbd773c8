/** The command line. */
import { parseArgs } from 'node:util';
import { cases, select, type Case } from './cases.js';

/** What is measured once for each implementation. */
export const extras = ['cold start', 'download size'] as const;
export type Extra = (typeof extras)[number];

export interface Options {
  readonly help: boolean;
  readonly quick: boolean;
  readonly docs: boolean;
  /** Files to write. */
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly svg: string | undefined;
  /** Only peers whose name holds one of them; all when there is none. Recurra on wasm is always in it. */
  readonly peers: readonly string[];
  readonly cases: readonly Case[];
  readonly extras: readonly Extra[];
}

/** A command line that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const help = `npm run bench -- [options]

Measures Recurra and its peers in turn and prints how many times as fast it is.

  --quick          fewer and shorter rounds of some cases, in less than a minute
  --only TEXT      only cases whose name holds TEXT: lstm, "gru 32", stream; may be given several times
  --peer TEXT      only peers whose name holds TEXT: onnxruntime, "tfjs wasm"; may be given several times
  --markdown FILE  also write the tables to FILE
  --json FILE      also write every round's times to FILE
  --svg FILE       also write a chart of the ratios to FILE
  --docs           also write docs/benchmarks.md and the README's table; needs all cases, peers and full rounds
  --help           this text

Cases: a cell and batch,time,inputs,units; a stream and its width; training; attention and batch,memory,width; gate and
the additions in a scope; cold start; download size. * is part of a quick run.
${cases.map(({ id, quick }) => `  ${id}${quick ? ' *' : ''}`).join('\n')}
${extras.map((name) => `  ${name}`).join('\n')}`;

const known = {
  help: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  docs: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] as string[] },
  peer: { type: 'string', multiple: true, default: [] as string[] },
  json: { type: 'string' },
  markdown: { type: 'string' },
  svg: { type: 'string' },
} as const;

/** @throws UsageError in words that can be acted on */
export function parse(args: readonly string[], names: readonly string[] = []): Options {
  const { help: wantsHelp, quick, docs, only, peer, json, markdown, svg } = read(args);
  if (only.includes('')) throw new UsageError('--only needs a text, such as lstm');
  if (peer.includes('')) throw new UsageError('--peer needs a text, such as tfjs');
  for (const [option, file] of Object.entries({ json, markdown, svg }))
    if (file === '') throw new UsageError(`--${option} needs the name of a file`);
  if (docs && (quick || only.length > 0 || peer.length > 0))
    throw new UsageError('--docs writes the whole table from full rounds: leave --quick, --only and --peer away');
  for (const text of only)
    if (select([text], false).length === 0 && !extras.some((name) => holds(name, text)))
      throw new UsageError(`no case is called ${text}; --help lists them`);
  for (const text of peer)
    if (!names.some((name) => holds(name, text)))
      throw new UsageError(`no peer is called ${text}; there are ${names.join(', ')}`);
  const chosen = extras.filter((name) => (only.length === 0 ? !quick : only.some((text) => holds(name, text))));
  return { help: wantsHelp, quick, docs, json, markdown, svg, peers: peer, cases: select(only, quick), extras: chosen };
}

/** In any case of letters. */
export function holds(name: string, text: string): boolean {
  return name.toLowerCase().includes(text.toLowerCase());
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: false }).values;
  } catch (error) {
    // Node's message names the option; --help names the right ones.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
