/** y = where along an axis x is smallest. It has no gradient. */
import type { Tensor } from '../tensor.js';
import { defineArgReduction, type ArgReduceOptions } from './arg-reduction.js';

const op = /* @__PURE__ */ defineArgReduction('argMin');

/**
 * The index of the smallest element along `axis` (of all elements in row-major order when left out), as int32: the
 * lowest
 * among equals, the first NaN if there is one.
 *
 * @throws DTypeError for bool; ShapeError for an axis that is not there or has no element
 */
export function argMin(x: Tensor, options: ArgReduceOptions = {}): Tensor<'int32'> {
  return op(x, options);
}
