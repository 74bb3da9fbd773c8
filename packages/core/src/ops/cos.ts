/** y = cos x   ∂x = −g·sin x */
import type { Tensor } from '../tensor.js';
import { defineUnary, floats } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { sin } from './sin.js';

const op = /* @__PURE__ */ defineUnary('cos', floats, ({ grad, inputs: [x] }) => [neg(mul(grad, sin(x)))]);

/** Cosine of x radians, element by element. @throws DTypeError unless x is float32 */
export function cos(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
