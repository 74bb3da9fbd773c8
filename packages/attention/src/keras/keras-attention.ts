/**
 * e_ij = q_iᵀ k_j                        scoreMode 'dot'; with useScale times s. There is no 1/√D.
 * e_ij = w Σ_d tanh(q_i + k_j)_d         scoreMode 'concat'; with useScale w Σ_d tanh(s (q_i + k_j))_d. Not Luong's concat.
 *
 * keras.layers.Attention of Keras 3.15.
 */
import { checkedFlag, checkedName, checkOptions, checkShapes, matmul, mul, ones, sum, tanh } from '@recurra/core';
import { sumOfPairs } from '../pairs.js';
import type { Floats } from '../score.js';
import { dropoutOptions, madeDropout, type DropoutOptions } from './dropout.js';
import { defineKerasAttention, type KerasAttentionLayer } from './keras-layer.js';

/** Options of `kerasAttention`. */
export interface KerasAttentionOptions extends DropoutOptions {
  /** Default false. */
  readonly useScale?: boolean;
  /** Default 'dot'. */
  readonly scoreMode?: 'dot' | 'concat';
}

/** Parameters of `kerasAttention`. */
export type KerasAttentionParams = {
  /** s [], with `useScale` */
  readonly scale?: Floats;
  /** w [], with scoreMode 'concat' */
  readonly concatScoreWeight?: Floats;
};

/**
 *     const layer = kerasAttention({ useScale: true });
 *     const params = layer.init({ query: 8 });
 *     const { outputs, scores } = layer(params, [query, value, key], { mask: [queryMask, valueMask] });
 *
 * @throws ArgumentError for unknown options and score modes, a rate outside [0, 1]
 */
export function kerasAttention(options: KerasAttentionOptions = {}): KerasAttentionLayer<KerasAttentionParams> {
  const name = 'kerasAttention';
  checkOptions(name, options, ['useScale', 'scoreMode', ...dropoutOptions]);
  const useScale = checkedFlag(name, 'useScale', options.useScale ?? false);
  const scoreMode = checkedName(name, 'scoreMode', options.scoreMode ?? 'dot', ['dot', 'concat']);
  const concat = scoreMode === 'concat';

  return defineKerasAttention<KerasAttentionParams>({
    name,
    dropout: madeDropout(name, options),
    init(_, backend) {
      const one = (): Floats => ones([], { ...(backend && { backend }) });
      return { ...(useScale && { scale: one() }), ...(concat && { concatScoreWeight: one() }) };
    },
    check: (params) =>
      checkShapes(name, 'params', params, { scale: useScale ? [] : null, concatScoreWeight: concat ? [] : null }),
    score({ scale: s, concatScoreWeight: w }, q, k) {
      const scaled = (x: Floats): Floats => (s === undefined ? x : mul(x, s));
      if (w === undefined) return scaled(matmul(q, k, { transposeB: true }));
      return mul(w, sum(tanh(scaled(sumOfPairs(q, k))), { axis: -1 }));
    },
  });
}
