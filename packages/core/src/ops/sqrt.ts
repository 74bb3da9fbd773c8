/** y = √x   ∂x = g / (2·y), infinite at 0 */
import type { Tensor } from '../tensor.js';
import { div } from './div.js';
import { defineUnary, floats } from './elementwise.js';
import { mul } from './mul.js';

const op = /* @__PURE__ */ defineUnary('sqrt', floats, ({ grad, output }) => [div(mul(grad, 0.5), output)]);

/** Square root, element by element; NaN below 0. @throws DTypeError unless x is float32 */
export function sqrt(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
