/**
 * a_ij = softmax_j(e_ij),   c_i = Σ_j a_ij v_j          with e_ij = −∞ where the mask is false
 *
 * Bahdanau, Cho & Bengio 2015, equations (5) and (6). A row in which nothing is valid has no softmax; it gets uniform
 * weights, 1/Tk each, at every precision, and passes no gradient to its scores.
 */
import { any, checkedFloats, full, matmul, scope, ShapeError, softmax, where } from '@recurra/core';
import type { Shape } from '@recurra/core';
import { checkBatch, checkedMask, checkedSequence, checkRank, empty } from './checks.js';
import type { Mask } from './masks/mask.js';
import type { Floats } from './score.js';

/** What `attention` and `attend` give. */
export interface Attended {
  /** c [B, Tq, Dv] */
  readonly context: Floats;
  /** a [B, Tq, Tk], each row summing to 1 */
  readonly weights: Floats;
}

/**
 * Weights from scores [B, Tq, Tk], and the values [B, Tk, Dv] they mix.
 *
 * The mask is true where attention may go: [B, Tq, Tk] or what broadcasts to it, [B, 1, Tk] or [Tq, Tk]. What it hides
 * gets weight 0 whatever its score, be it NaN; a hidden value is still multiplied by that 0, so it must be finite.
 *
 * @throws ShapeError when ranks, batches or Tk differ, the mask does not broadcast, or Tk is 0; DTypeError for a mask
 * that is not bool
 */
export function attend(scores: Floats, values: Floats, mask?: Mask | null): Attended {
  return scope(() => {
    const op = 'attend';
    const shape = checkedFloats(op, 'scores', scores).shape;
    return attended(scores, values, checkedTargets(op, shape, values, mask));
  });
}

/** What was checked: softmax of the scores that are not hidden, and the values in these proportions. */
export function attended(scores: Floats, values: Floats, mask: Mask | null): Attended {
  const a = softmax(mask === null ? scores : hide(scores, mask), -1);
  const c = matmul(a, values);
  return { context: c, weights: a };
}

/** e where the mask is true, else −∞; in a row with nothing valid 0 everywhere, which softmax makes uniform. */
function hide(e: Floats, mask: Mask): Floats {
  const { backend } = e;
  const hidden = where(any(mask, { axis: -1, keepDims: true }), full([], -Infinity, { backend }), 0);
  return where(mask, e, hidden);
}

/** The mask, once scores of this shape can be applied to these values. */
export function checkedTargets(op: string, e: Shape, values: Floats, mask?: Mask | null): Mask | null {
  checkRank(op, 'scores', e, '[B, Tq, Tk]');
  if (e[2] === 0) throw empty(op, 'scores', e);
  const v = checkedSequence(op, 'values', values);
  checkBatch(op, { scores: e, values: v });
  if (e[2] !== v[1]) {
    throw new ShapeError(
      op,
      `every key has one value, ${e[2]} ≠ ${v[1]}`,
      { scores: e, values: v },
      'scores are [B, Tq, Tk], values [B, Tk, Dv]',
    );
  }
  return mask == null ? null : checkedMask(op, mask, e);
}
