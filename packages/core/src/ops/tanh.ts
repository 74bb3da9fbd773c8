/** y = tanh x   ∂x = g·(1 − y²) */
import type { Tensor } from '../tensor.js';
import { defineUnary, floats } from './elementwise.js';
import { mul } from './mul.js';
import { square } from './square.js';
import { sub } from './sub.js';

const op = /* @__PURE__ */ defineUnary('tanh', floats, ({ grad, output }) => [mul(grad, sub(1, square(output)))]);

/** Hyperbolic tangent, in [−1, 1], element by element. @throws DTypeError unless x is float32 */
export function tanh(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
