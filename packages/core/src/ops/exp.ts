/** y = eˣ   ∂x = g·y */
import type { Tensor } from '../tensor.js';
import { defineUnary, floats } from './elementwise.js';
import { mul } from './mul.js';

const op = /* @__PURE__ */ defineUnary('exp', floats, ({ grad, output }) => [mul(grad, output)]);

/** e to the power x, element by element. @throws DTypeError unless x is float32 */
export function exp(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
