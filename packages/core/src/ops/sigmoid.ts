/** y = 1 / (1 + e⁻ˣ)   ∂x = g·y·(1 − y) */
import type { Tensor } from '../tensor.js';
import { defineUnary, floats } from './elementwise.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

const op = /* @__PURE__ */ defineUnary('sigmoid', floats, ({ grad, output }) => [
  mul(grad, mul(output, sub(1, output))),
]);

/** Logistic sigmoid, in [0, 1], element by element. @throws DTypeError unless x is float32 */
export function sigmoid(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
