/**
 * y = Wo·[c_1; …; c_N],   c_n = softmax((Wq_n q)(Wk_n k)ᵀ / √H)·(Wv_n v)
 *
 * Vaswani et al. 2017, section 3.2.2; keras.layers.MultiHeadAttention of Keras 3.15.
 */
import { ArgumentError, checkedCount, checkOptions } from '@recurra/core';
import { defineHeads, headsOptions, type HeadsLayer, type HeadsOptions } from './heads-layer.js';

/** Options of `multiHeadAttention`. */
export interface MultiHeadAttentionOptions extends HeadsOptions {
  /** N. */
  readonly numHeads: number;
  /** H, the width of each head's queries and keys. */
  readonly keyDim: number;
  /** Hv, the width of each head's values. Default keyDim. */
  readonly valueDim?: number | null;
  /** What the output has in place of the query's last axis; a list may give several axes. Default that axis. */
  readonly outputShape?: number | readonly number[] | null;
  /** The axes that attention runs over. Default all between the batch and the features. */
  readonly attentionAxes?: number | readonly number[] | null;
}

/**
 *     const layer = multiHeadAttention({ numHeads: 4, keyDim: 16 });
 *     const params = layer.init({ query: 64, value: 32 });
 *     const { outputs } = layer(params, [query, value]);                      // [B, Tq, 64], [B, Tv, 32] → [B, Tq, 64]
 *     const { scores } = layer(params, [query, value], { returnAttentionScores: true });             // [B, 4, Tq, Tv]
 *
 * A query that sees nothing gets the mean of the values, or with `dropout` or `returnAttentionScores` the bias of the
 * output alone: so it is in Keras, which computes those in another way. Keras ignores an argument query_mask and goes by
 * the mask that the query carries; `queryMask` is that one.
 *
 * @throws ArgumentError for sizes below 1, unknown options and names, a rate outside [0, 1]
 */
export function multiHeadAttention(options: MultiHeadAttentionOptions): HeadsLayer {
  const name = 'multiHeadAttention';
  checkOptions(name, options, ['numHeads', 'keyDim', 'valueDim', 'outputShape', 'attentionAxes', ...headsOptions]);
  const hint = 'multiHeadAttention({ numHeads: 4, keyDim: 16 })';
  const heads = checkedCount(name, 'numHeads', options.numHeads, hint);
  const keyWidth = checkedCount(name, 'keyDim', options.keyDim, hint);
  return defineHeads(
    {
      name,
      queryHeads: heads,
      keyHeads: heads,
      keyWidth,
      valueWidth: options.valueDim == null ? keyWidth : checkedCount(name, 'valueDim', options.valueDim, hint),
      outputShape: checkedOutputShape(name, options.outputShape),
      attentionAxes: checkedAxes(name, options.attentionAxes),
      rank: null,
    },
    options,
  );
}

/** An empty list is none, as in Keras. */
function checkedOutputShape(op: string, shape: unknown): readonly number[] | null {
  if (shape == null) return null;
  const list: readonly unknown[] = Array.isArray(shape) ? [...(shape as unknown[])] : [shape];
  const lengths = list.map((n) => checkedCount(op, 'outputShape', n, 'outputShape: 64, or [8, 8]'));
  return lengths.length === 0 ? null : lengths;
}

/** Whether there are such axes is seen with the inputs. */
function checkedAxes(op: string, axes: unknown): readonly number[] | null {
  if (axes == null) return null;
  // A copy, in which holes are undefined.
  const list: readonly unknown[] = Array.isArray(axes) ? [...(axes as unknown[])] : [axes];
  if (list.length > 0 && list.every((axis) => Number.isSafeInteger(axis) && axis !== 0)) return list as number[];
  throw new ArgumentError(
    op,
    'attentionAxes must be axes between the batch and the features',
    { attentionAxes: axes },
    'attentionAxes: 2, or [1, 2]',
  );
}
