/** A new axis of length 1: a reshape. */
import { requireTensor } from '../is-tensor.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { reshape } from './reshape.js';

/**
 * Puts an axis of length 1 at `axis` of the result; −1 puts it last. The buffer is shared.
 *
 * @throws ShapeError for an axis that the result does not have
 */
export function expandDims<D extends DType>(x: Tensor<D>, axis: number): Tensor<D> {
  requireTensor('expandDims', 'x', x);
  const at = normalizeAxis('expandDims', axis, x.rank + 1);
  return reshape(x, x.shape.toSpliced(at, 0, 1));
}
