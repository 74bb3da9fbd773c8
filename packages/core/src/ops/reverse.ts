/** x read from its end: a slice with strides of −1. */
import { requireTensor } from '../is-tensor.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { resolveAxes } from './reduction.js';
import { slice } from './slice.js';

/**
 * x with the order along `axis` (one, several, or all when left out) turned around; same shape.
 *
 * @throws ShapeError for an axis that is not there
 */
export function reverse<D extends DType>(x: Tensor<D>, axis?: number | readonly number[]): Tensor<D> {
  requireTensor('reverse', 'x', x);
  const axes = resolveAxes('reverse', x, axis);
  const strides = x.shape.map((_, i) => (axes.includes(i) ? -1 : 1));
  return slice(x, [], [], strides);
}
