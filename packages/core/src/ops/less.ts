/** z = a < b, as bool. It has no gradient. */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineCompare, numbers } from './elementwise.js';

const op = /* @__PURE__ */ defineCompare('less', 'less', numbers);

/**
 * Whether a is below b, element by element, broadcasting; a number stands for a scalar of the other's dtype. False
 * beside NaN.
 *
 * @throws DTypeError for bool and for operands of two dtypes; ShapeError when they do not broadcast
 */
export function less<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<'bool'>;
export function less<D extends DType>(a: number, b: Tensor<D>): Tensor<'bool'>;
export function less(a: Tensor | number, b: Tensor | number): Tensor<'bool'> {
  return op(a, b) as Tensor<'bool'>;
}
