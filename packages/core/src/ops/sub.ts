/** z = x − y   ∂x = g   ∂y = −g */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineBinary, numbers, withNumbers } from './elementwise.js';
import { mul } from './mul.js';
import { unbroadcast } from './unbroadcast.js';

const op = /* @__PURE__ */ defineBinary('sub', numbers, ({ grad, inputs: [a, b], needs }) => [
  needs[0] ? unbroadcast(grad, a!.shape) : null,
  needs[1] ? unbroadcast(mul(grad, -1), b!.shape) : null,
]);

/** Difference, element by element, broadcasting; a number stands for a scalar of the other's dtype. */
export function sub<D extends DType>(a: Tensor<D>, b: Tensor<D> | number): Tensor<D>;
export function sub<D extends DType>(a: number, b: Tensor<D>): Tensor<D>;
export function sub(a: Tensor | number, b: Tensor | number): Tensor {
  return withNumbers('sub', a, b, (x, y) => op([x, y]));
}
