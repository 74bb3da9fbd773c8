/** z = a = b, as bool. It has no gradient. */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { anything, defineCompare } from './elementwise.js';

const op = /* @__PURE__ */ defineCompare('equal', 'equal', anything);

/**
 * Whether a equals b, element by element, broadcasting; a number stands for a scalar of the other's dtype. NaN equals
 * nothing.
 *
 * @throws DTypeError for operands of two dtypes; ShapeError when they do not broadcast
 */
export function equal<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<'bool'>;
export function equal<D extends DType>(a: number, b: Tensor<D>): Tensor<'bool'>;
export function equal(a: Tensor | number, b: Tensor | number): Tensor<'bool'> {
  return op(a, b) as Tensor<'bool'>;
}
