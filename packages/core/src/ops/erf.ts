/** y = erf x = 2/√π ∫₀ˣ e^(−t²) dt   ∂x = g · 2/√π · e^(−x²) */
import type { Tensor } from '../tensor.js';
import { defineUnary, floats } from './elementwise.js';
import { exp } from './exp.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { square } from './square.js';

const TWO_OVER_ROOT_PI = 1.1283791670955126;

const op = /* @__PURE__ */ defineUnary('erf', floats, ({ grad, inputs: [x] }) => [
  mul(grad, mul(exp(neg(square(x))), TWO_OVER_ROOT_PI)),
]);

/** The error function, in [−1, 1], element by element. @throws DTypeError unless x is float32 */
export function erf(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
