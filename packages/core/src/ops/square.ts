/** y = x²   ∂x = 2·g·x */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineUnary, numbers } from './elementwise.js';
import { mul } from './mul.js';

const op = /* @__PURE__ */ defineUnary('square', numbers, ({ grad, inputs: [x] }) => [mul(mul(grad, x), 2)]);

/** The square, element by element; same shape and dtype. @throws DTypeError for bool */
export function square<D extends DType>(x: Tensor<D>): Tensor<D> {
  return op([x]) as Tensor<D>;
}
