/** z = a · b   ∂a = g·b   ∂b = g·a */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineBinary, numbers } from './elementwise.js';
import { unbroadcast } from './unbroadcast.js';

const op = /* @__PURE__ */ defineBinary('mul', numbers, ({ grad, inputs: [a, b], needs }) => [
  needs[0] ? unbroadcast(mul(grad, b), a.shape) : null,
  needs[1] ? unbroadcast(mul(grad, a), b.shape) : null,
]);

/**
 * Product, element by element, broadcasting; a number stands for a scalar of the other's dtype.
 *
 * @throws DTypeError for bool and for operands of two dtypes; ShapeError when they do not broadcast
 */
export function mul<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<D>;
export function mul<D extends DType>(a: number, b: Tensor<D>): Tensor<D>;
export function mul(a: Tensor | number, b: Tensor | number): Tensor {
  return op(a, b);
}
