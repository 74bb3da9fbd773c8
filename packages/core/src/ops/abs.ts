/** y = |x|   ∂x = g·sign x, 0 at 0 */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineUnary, numbers } from './elementwise.js';
import { mul } from './mul.js';
import { sign } from './sign.js';

const op = /* @__PURE__ */ defineUnary('abs', numbers, ({ grad, inputs: [x] }) => [mul(grad, sign(x))]);

/** Distance from 0, element by element; same shape and dtype. @throws DTypeError for bool */
export function abs<D extends DType>(x: Tensor<D>): Tensor<D> {
  return op([x]) as Tensor<D>;
}
