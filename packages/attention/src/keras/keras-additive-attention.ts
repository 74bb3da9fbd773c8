/**
 * e_ij = Σ_d s_d tanh(q_i + k_j)_d       without useScale: Σ_d tanh(q_i + k_j)_d
 *
 * keras.layers.AdditiveAttention of Keras 3.15. It is Bahdanau's score without its matrices: `additiveScore`
 * has them.
 */
import { checkedFlag, checkOptions, checkShapes, initializer, mul, sum, tanh } from '@recurra/core';
import { sumOfPairs } from '../pairs.js';
import { drawn } from '../parameters.js';
import type { Floats } from '../score.js';
import { dropoutOptions, madeDropout, type DropoutOptions } from './dropout.js';
import { defineKerasAttention, type KerasAttentionLayer } from './keras-layer.js';

/** Options of `kerasAdditiveAttention`. */
export interface KerasAdditiveAttentionOptions extends DropoutOptions {
  /** Default true. */
  readonly useScale?: boolean;
}

/** Parameters of `kerasAdditiveAttention`. */
export type KerasAdditiveAttentionParams = {
  /** s [D], with `useScale` */
  readonly scale?: Floats;
};

/**
 *     const layer = kerasAdditiveAttention();
 *     const params = layer.init({ query: 8 });                     // scale: glorotUniform [8]
 *     const { outputs, scores } = layer(params, [query, value]);
 *
 * @throws ArgumentError for unknown options, a rate outside [0, 1]
 */
export function kerasAdditiveAttention(
  options: KerasAdditiveAttentionOptions = {},
): KerasAttentionLayer<KerasAdditiveAttentionParams> {
  const name = 'kerasAdditiveAttention';
  checkOptions(name, options, ['useScale', ...dropoutOptions]);
  const useScale = checkedFlag(name, 'useScale', options.useScale ?? true);

  return defineKerasAttention<KerasAdditiveAttentionParams>({
    name,
    dropout: madeDropout(name, options),
    // Drawn here and not when the layer is made: Keras resolves the initializer when it builds the weight.
    init: (D, backend) => (useScale ? { scale: drawn(name, initializer('glorotUniform', name), [D], backend) } : {}),
    check: (params, D) => checkShapes(name, 'params', params, { scale: useScale ? [D] : null }),
    score({ scale: s }, q, k) {
      const z = tanh(sumOfPairs(q, k));
      return sum(s === undefined ? z : mul(z, s), { axis: -1 });
    },
  });
}
