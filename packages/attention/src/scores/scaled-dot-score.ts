/**
 * e_ij = q_iᵀ k_j / √D
 *
 * Vaswani et al. 2017, equation (1). D is the width of queries and keys: a sum of D products of unit variance has
 * variance D, and the root keeps the softmax out of its flat ends.
 */
import { ArgumentError, checkOptions, matmul, mul } from '@recurra/core';
import { checkEqualWidths, width } from '../checks.js';
import { noParams, sameValue, type NoParams } from '../no-params.js';
import { defineScore, type Score } from '../score.js';

/** Options of `scaledDotScore`. */
export interface ScaledDotScoreOptions {
  /** The factor in place of 1/√D. */
  readonly scale?: number;
}

/**
 * The scaled dot-product score, without parameters. `prepare` gives the keys as they are.
 *
 * @throws ArgumentError for a scale that is not a finite number
 */
export function scaledDotScore(options: ScaledDotScoreOptions = {}): Score<NoParams> {
  const name = 'scaledDotScore';
  checkOptions(name, options, ['scale']);
  const { scale } = options;
  if (scale !== undefined && !Number.isFinite(scale)) {
    throw new ArgumentError(name, 'scale must be a finite number', { scale }, 'leave it out for 1/√D');
  }

  const factor = (D: number): number => scale ?? 1 / Math.sqrt(D);
  return defineScore<NoParams>({
    name,
    init: (widths) => noParams(name, widths),
    check: (_, shapes) => checkEqualWidths(name, shapes),
    prepare: (_, k) => sameValue(k),
    compare: (_, q, k) => mul(matmul(q, k, { transposeB: true }), factor(width(q.shape)!)),
    fused: { score: 'scaledDot', scale: factor, inputs: (_, query) => ({ query }) },
  });
}
