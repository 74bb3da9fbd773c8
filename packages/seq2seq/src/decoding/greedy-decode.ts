/**
 * Greedy decoding: y_t = argmax_y log p(y | y_{<t}), the lowest token among equals, until the stop token.
 *
 * The device computes each step, the host reads its log probabilities and chooses.
 */
import type { Tree } from '@recurra/core';
import { rowOf, Steps, type Decoded, type DecodeStep } from './decode-step.js';
import { checkedSearch, checkStop, type SearchOptions } from './search-options.js';

/**
 * One result for each row of the batch.
 *
 *     const step = decoderStep(cell, params, { embed, readout });
 *     const [first] = await greedyDecode(step, step.initialState(), { start: [1], stop: 2, maxLength: 50 });
 *
 * @param state the state before the first step; it stays the caller's
 * @throws ArgumentError for options that make no sense and for logits that are NaN, ShapeError when the step's rows do not fit
 */
export async function greedyDecode<S extends Tree>(
  step: DecodeStep<S>,
  state: S,
  options: SearchOptions,
): Promise<Decoded[]> {
  const op = 'greedyDecode';
  const { start, stop, maxLength } = checkedSearch(op, step, options, []);
  const rows = Array.from(start, () => ({
    tokens: [] as number[],
    stopped: false,
    logProbability: 0,
    alignments: null as number[][] | null,
  }));
  const tokens = Int32Array.from(start);
  const steps = new Steps(op, step, state);
  try {
    for (let t = 0; t < maxLength && rows.some(({ stopped }) => !stopped); t++) {
      const { logProbabilities: log_p, vocabulary: V, alignments, positions } = await steps.next(tokens);
      checkStop(op, stop, V);
      for (const [b, row] of rows.entries()) {
        if (row.stopped) continue;
        let best = 0;
        for (let y = 1; y < V; y++) if (log_p[b * V + y]! > log_p[b * V + best]!) best = y;
        row.tokens.push(best);
        row.logProbability += log_p[b * V + best]!;
        row.stopped = best === stop;
        if (alignments !== null) (row.alignments ??= []).push(rowOf(alignments, b, positions));
        tokens[b] = best;
      }
    }
    return rows;
  } finally {
    steps.dispose();
  }
}
