/** The slices of x along an axis, without that axis: split, then reshape. */
import { requireTensor } from '../is-tensor.js';
import { scope } from '../scope.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { reshape } from './reshape.js';
import { split } from './split.js';

/**
 * The slices of x along an axis, without that axis: the inverse of `stack`.
 *
 * @throws ShapeError for an axis that is not there
 */
export function unstack<D extends DType>(x: Tensor<D>, axis = 0): Tensor<D>[] {
  requireTensor('unstack', 'x', x);
  const at = normalizeAxis('unstack', axis, x.rank);
  const length = x.shape[at]!;
  if (length === 0) return [];
  return scope(() => split(x, length, at).map((part) => reshape(part, x.shape.toSpliced(at, 1))));
}
