/** y = eˣ − 1   ∂x = g·eˣ */
import type { Tensor } from '../tensor.js';
import { defineUnary, floats } from './elementwise.js';
import { exp } from './exp.js';
import { mul } from './mul.js';

const op = /* @__PURE__ */ defineUnary('expm1', floats, ({ grad, inputs: [x] }) => [mul(grad, exp(x))]);

/** eˣ − 1, exact near 0 too, element by element. @throws DTypeError unless x is float32 */
export function expm1(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
