/** y = ln x   ∂x = g / x */
import type { Tensor } from '../tensor.js';
import { div } from './div.js';
import { defineUnary, floats } from './elementwise.js';

const op = /* @__PURE__ */ defineUnary('log', floats, ({ grad, inputs: [x] }) => [div(grad, x)]);

/** Natural logarithm, element by element; −∞ at 0, NaN below. @throws DTypeError unless x is float32 */
export function log(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
