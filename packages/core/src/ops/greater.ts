/** z = a > b, as bool. It has no gradient. */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineCompare, numbers } from './elementwise.js';

const op = /* @__PURE__ */ defineCompare('greater', 'less', numbers, true);

/**
 * Whether a is above b, element by element, broadcasting; a number stands for a scalar of the other's dtype. False
 * beside NaN.
 *
 * @throws DTypeError for bool and for operands of two dtypes; ShapeError when they do not broadcast
 */
export function greater<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<'bool'>;
export function greater<D extends DType>(a: number, b: Tensor<D>): Tensor<'bool'>;
export function greater(a: Tensor | number, b: Tensor | number): Tensor<'bool'> {
  return op(a, b) as Tensor<'bool'>;
}
