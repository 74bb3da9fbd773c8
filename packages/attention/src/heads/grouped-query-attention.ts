/**
 * y = Wo·[c_1; …; c_N],   c_n = softmax((Wq_n q)(Wk_m k)ᵀ / √H)·(Wv_m v),   m = ⌊n / (N / M)⌋ counted from 0
 *
 * Ainslie et al. 2023: N query heads share M key and value heads, neighbours together; M = 1 is multi-query attention
 * (Shazeer 2019). keras.layers.GroupQueryAttention of Keras 3.15, whose class is called GroupedQueryAttention.
 */
import { ArgumentError, checkedCount, checkOptions } from '@recurra/core';
import { defineHeads, headsOptions, type HeadsLayer, type HeadsOptions } from './heads-layer.js';

/** Options of `groupedQueryAttention`. */
export interface GroupedQueryAttentionOptions extends HeadsOptions {
  /** H, the width of each head. */
  readonly headDim: number;
  /** N. */
  readonly numQueryHeads: number;
  /** M, a divisor of N. */
  readonly numKeyValueHeads: number;
}

/**
 *     const layer = groupedQueryAttention({ headDim: 16, numQueryHeads: 8, numKeyValueHeads: 2 });
 *     const params = layer.init({ query: 64, value: 64 });
 *     const { outputs } = layer(params, [query, value], { useCausalMask: true });
 *
 * Inputs have rank 3. What is said of `multiHeadAttention` about queries that see nothing is true here as well.
 *
 * @throws ArgumentError for sizes below 1, heads that do not divide, unknown options and names, a rate outside [0, 1]
 */
export function groupedQueryAttention(options: GroupedQueryAttentionOptions): HeadsLayer {
  const name = 'groupedQueryAttention';
  checkOptions(name, options, ['headDim', 'numQueryHeads', 'numKeyValueHeads', ...headsOptions]);
  const hint = 'groupedQueryAttention({ headDim: 16, numQueryHeads: 8, numKeyValueHeads: 2 })';
  const width = checkedCount(name, 'headDim', options.headDim, hint);
  const queryHeads = checkedCount(name, 'numQueryHeads', options.numQueryHeads, hint);
  const keyHeads = checkedCount(name, 'numKeyValueHeads', options.numKeyValueHeads, hint);
  if (queryHeads % keyHeads !== 0) {
    const facts = { numQueryHeads: queryHeads, numKeyValueHeads: keyHeads };
    throw new ArgumentError(name, 'numQueryHeads must be divisible by numKeyValueHeads', facts, hint);
  }
  return defineHeads(
    {
      name,
      queryHeads,
      keyHeads,
      keyWidth: width,
      valueWidth: width,
      outputShape: null,
      attentionAxes: null,
      rank: 3,
    },
    options,
  );
}
