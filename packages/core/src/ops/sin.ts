/** y = sin x   ∂x = g·cos x */
import type { Tensor } from '../tensor.js';
import { cos } from './cos.js';
import { defineUnary, floats } from './elementwise.js';
import { mul } from './mul.js';

const op = /* @__PURE__ */ defineUnary('sin', floats, ({ grad, inputs: [x] }) => [mul(grad, cos(x))]);

/** Sine of x radians, element by element. @throws DTypeError unless x is float32 */
export function sin(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
