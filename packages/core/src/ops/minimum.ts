/** z = min(a, b)   ∂a = g where a ≤ b, else 0   ∂b = g where not, else 0 */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineBinary, numbers } from './elementwise.js';
import { lessEqual } from './less-equal.js';
import { unbroadcast } from './unbroadcast.js';
import { where } from './where.js';

const op = /* @__PURE__ */ defineBinary('minimum', numbers, ({ grad, inputs: [a, b], needs }) => {
  const first = lessEqual(a, b);
  return [
    needs[0] ? unbroadcast(where(first, grad, 0), a.shape) : null,
    needs[1] ? unbroadcast(where(first, 0, grad), b.shape) : null,
  ];
});

/**
 * The smaller one, element by element, broadcasting; a number stands for a scalar of the other's dtype. NaN where
 * either is NaN; equals give their gradient to `a`, as in TensorFlow.
 *
 * @throws DTypeError for bool and for operands of two dtypes; ShapeError when they do not broadcast
 */
export function minimum<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<D>;
export function minimum<D extends DType>(a: number, b: Tensor<D>): Tensor<D>;
export function minimum(a: Tensor | number, b: Tensor | number): Tensor {
  return op(a, b);
}
