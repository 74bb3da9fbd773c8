/** y = max(min(x, high), low)   ∂x = g where low ≤ x ≤ high, else 0 */
import { requireDType } from '../checks.js';
import { checkValue } from '../create.js';
import { ArgumentError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { scope } from '../scope.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { numbers } from './elementwise.js';
import { maximum } from './maximum.js';
import { minimum } from './minimum.js';

/**
 * x limited to [low, high], element by element; same shape and dtype. NaN stays NaN.
 *
 * @throws ArgumentError unless low ≤ high; DTypeError for bool, and for limits that an int32 cannot hold
 */
export function clip<D extends DType>(x: Tensor<D>, low: number, high: number): Tensor<D> {
  requireTensor('clip', 'x', x);
  requireDType('clip', 'x', x, numbers);
  if (typeof low !== 'number' || typeof high !== 'number' || !(low <= high)) {
    throw new ArgumentError('clip', 'low must not be above high', { low, high }, 'clip(x, -1, 1)');
  }
  checkValue('clip', x.dtype, low);
  checkValue('clip', x.dtype, high);
  return scope(() => maximum(minimum(x, high), low)) as Tensor<D>;
}
