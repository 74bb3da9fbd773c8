/**
 * Beam search: the likeliest sequences, found by keeping K unfinished ones at every step.
 *
 * From the K best continuations of all K · V, those that say the stop token are done, the others go on with the best that
 * follow them up to K. What is done competes by
 *
 *     score(Y) = log p(Y) / lp(Y),   lp(Y) = ((5 + |Y|) / 6)^α          Wu et al. 2016, equation (14)
 *
 * |Y| counts the stop token. At `maxLength` the unfinished ones compete too. A row ends early once nothing unfinished can
 * get into its K best, so ending early changes no result. With K ≥ V^(maxLength − 1) nothing is ever left out: the results
 * are the K best of all sequences.
 */
import {
  ArgumentError,
  checkedCount,
  checkedFinite,
  leaves,
  pow,
  scope,
  ShapeError,
  tensor,
  type Tree,
} from '@recurra/core';
import { rowOf, Steps, type Decoded, type DecodeStep } from './decode-step.js';
import { checkedSearch, checkStop, type SearchOptions } from './search-options.js';
import { batchOf, takeRows } from './tile-batch.js';

/** Options of `beamSearch`. */
export interface BeamSearchOptions extends SearchOptions {
  /** K: how many sequences go on side by side, and how many are handed out. */
  readonly beams: number;
  /** α ≥ 0: 0 prefers short sequences, as probabilities do; 0.6 to 0.8 is usual. Default 0. */
  readonly lengthNormalization?: number;
}

/** One of the best sequences. */
export interface Hypothesis extends Decoded {
  /** The logarithm of the probability, divided by lp. */
  readonly score: number;
}

/** A sequence by its last token; the ones before it are shared. */
interface Node {
  readonly before: Node | null;
  readonly token: number;
  readonly length: number;
  readonly logProbability: number;
  readonly alignment: number[] | null;
}

/** One row of the batch. */
interface Row {
  live: Node[];
  done: { node: Node; stopped: boolean; score: number }[];
  over: boolean;
}

/**
 * The `beams` best sequences for each row of the batch, the best first; fewer where there are not as many.
 *
 *     const cell = decoder.with(tileBatch(encoded, 4), tileBatch(mask, 4)); // the memory of every beam
 *     const step = decoderStep(cell, params, { embed, readout });
 *     const options = { start: [1], stop: 2, maxLength: 50, beams: 4, lengthNormalization: 0.6 };
 *     const [[best]] = await beamSearch(step, step.initialState(), options);
 *
 * The step always sees B · K rows, those of one row of the batch side by side. One beam without normalization is
 * `greedyDecode`; with it, what goes on after a stop may win by its length.
 *
 * @param state the state of B rows or of B · K; it stays the caller's
 * @throws ArgumentError for options that make no sense and for logits that are NaN, ShapeError when the step's rows do not fit
 */
export async function beamSearch<S extends Tree>(
  step: DecodeStep<S>,
  state: S,
  options: BeamSearchOptions,
): Promise<Hypothesis[][]> {
  const op = 'beamSearch';
  const { start, stop, maxLength } = checkedSearch(op, step, options, ['beams', 'lengthNormalization']);
  const K = checkedCount(op, 'beams', options.beams, 'beams: 4');
  const α = checkedFinite(op, 'lengthNormalization', options.lengthNormalization ?? 0);
  if (α < 0)
    throw new ArgumentError(
      op,
      'lengthNormalization must be at least 0',
      { lengthNormalization: α },
      'for example 0.6',
    );
  const B = start.length;
  let arrange = spread(op, state, B, K);
  const lp = await penalties(state, maxLength, α);

  const rows: Row[] = Array.from({ length: B }, () => ({ live: [], done: [], over: false }));
  const tokens = Int32Array.from({ length: B * K }, (_, n) => start[Math.floor(n / K)]!);
  const steps = new Steps(op, step, state);
  try {
    for (let length = 1; length <= maxLength && rows.some(({ over }) => !over); length++) {
      const made = await steps.next(tokens, arrange);
      checkStop(op, stop, made.vocabulary);
      // Rows that are over, and beams nobody needs, go on with anything.
      const parents = Int32Array.from({ length: B * K }, (_, n) => n);
      for (const [b, row] of rows.entries()) {
        if (row.over) continue;
        const before = length === 1 ? [null] : row.live;
        const found = continuations(before, b * K, made, 2 * K);
        row.live = [];
        for (const [rank, { node, beam }] of found.entries()) {
          const stopped = node.token === stop;
          if (stopped ? rank < K : length === maxLength && rank < K) {
            row.done.push({ node, stopped, score: node.logProbability / lp[length]! });
          } else if (!stopped && length < maxLength && row.live.length < K) {
            const n = b * K + row.live.length;
            parents[n] = b * K + beam;
            tokens[n] = node.token;
            row.live.push(node);
          }
        }
        // Equal scores stay in the order in which they were found.
        row.done.sort((x, y) => y.score - x.score).splice(K);
        // log p only falls, and no sequence is longer than maxLength.
        const hope = row.live[0] ? row.live[0].logProbability / lp[maxLength]! : -Infinity;
        row.over = row.live.length === 0 || (row.done.length === K && row.done[K - 1]!.score >= hope);
      }
      arrange = (now) => takeRows(checkedRows(op, now, B * K), parents);
    }
    return rows.map(({ done }) => done.map(({ node, stopped, score }) => told(node, stopped, score)));
  } finally {
    steps.dispose();
  }
}

/** The best continuations of these beams, the best first; among equals the earlier beam, then the lower token. */
function continuations(
  before: readonly (Node | null)[],
  first: number,
  { logProbabilities: log_p, vocabulary: V, alignments, positions }: Awaited<ReturnType<Steps<Tree>['next']>>,
  most: number,
): { node: Node; beam: number }[] {
  const all = before.flatMap((node, beam) =>
    Array.from({ length: V }, (_, token) => ({
      beam,
      token,
      logProbability: (node?.logProbability ?? 0) + log_p[(first + beam) * V + token]!,
    })),
  );
  return all
    .filter(({ logProbability }) => logProbability > -Infinity)
    .sort((x, y) => y.logProbability - x.logProbability)
    .slice(0, most)
    .map(({ beam, token, logProbability }) => ({
      beam,
      node: {
        before: before[beam]!,
        token,
        length: (before[beam]?.length ?? 0) + 1,
        logProbability,
        alignment: alignments === null ? null : rowOf(alignments, first + beam, positions),
      },
    }));
}

/** How the first step gets its B · K rows. */
function spread<S extends Tree>(op: string, state: S, B: number, K: number): (state: S) => S {
  const rows = batchOf(op, state);
  if (rows === B * K || rows === 0) return (as) => as;
  if (rows === B)
    return (once) =>
      takeRows(
        once,
        Int32Array.from({ length: B * K }, (_, n) => Math.floor(n / K)),
      );
  const facts = { rows, start: B, beams: K };
  throw new ShapeError(
    op,
    'the state does not fit the start tokens',
    facts,
    'one row for each start token, or for each beam',
  );
}

/** The state that a step gave: other rows would be read as zeros, silently. */
function checkedRows<S extends Tree>(op: string, state: S, expected: number): S {
  const rows = batchOf(op, state);
  if (rows === expected || rows === 0) return state;
  throw new ShapeError(op, 'the state of a step must have one row for each token', { rows, expected }, '[N, …]');
}

/** lp by length, computed on the device: powers are the same bits everywhere only there. */
async function penalties(state: Tree, maxLength: number, α: number): Promise<ArrayLike<number>> {
  if (α === 0) return new Float32Array(maxLength + 1).fill(1);
  const lengths = Float64Array.from({ length: maxLength + 1 }, (_, n) => (5 + n) / 6);
  const backend = leaves(state)[0]?.backend;
  const lp = scope(() => pow(tensor(lengths, [maxLength + 1], { dtype: 'float32', ...(backend && { backend }) }), α));
  try {
    return await lp.raw();
  } finally {
    lp.dispose();
  }
}

/** The whole sequence of a last token. */
function told(last: Node, stopped: boolean, score: number): Hypothesis {
  const nodes: Node[] = [];
  for (let node: Node | null = last; node !== null; node = node.before) nodes.unshift(node);
  const alignments = nodes.map(({ alignment }) => alignment);
  return {
    tokens: nodes.map(({ token }) => token),
    stopped,
    logProbability: last.logProbability,
    score,
    alignments: last.alignment === null ? null : (alignments as number[][]),
  };
}
