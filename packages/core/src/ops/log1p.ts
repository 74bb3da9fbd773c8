/** y = ln(1 + x)   ∂x = g / (1 + x) */
import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { div } from './div.js';
import { defineUnary, floats } from './elementwise.js';

const op = /* @__PURE__ */ defineUnary('log1p', floats, ({ grad, inputs: [x] }) => [div(grad, add(x, 1))]);

/** ln(1 + x), exact near 0 too, element by element; −∞ at −1, NaN below. @throws DTypeError unless x is float32 */
export function log1p(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
