/** z = a + b   ∂a = g   ∂b = g */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineBinary, numbers } from './elementwise.js';
import { unbroadcast } from './unbroadcast.js';

const op = /* @__PURE__ */ defineBinary('add', numbers, ({ grad, inputs: [a, b], needs }) => [
  needs[0] ? unbroadcast(grad, a.shape) : null,
  needs[1] ? unbroadcast(grad, b.shape) : null,
]);

/**
 * Sum, element by element, broadcasting; a number stands for a scalar of the other's dtype.
 *
 * @throws DTypeError for bool and for operands of two dtypes; ShapeError when they do not broadcast
 */
export function add<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<D>;
export function add<D extends DType>(a: number, b: Tensor<D>): Tensor<D>;
export function add(a: Tensor | number, b: Tensor | number): Tensor {
  return op(a, b);
}
