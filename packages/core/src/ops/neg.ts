/** y = −x   ∂x = −g */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineUnary, numbers } from './elementwise.js';

const op = /* @__PURE__ */ defineUnary('neg', numbers, ({ grad }) => [neg(grad)]);

/** The opposite, element by element; same shape and dtype. @throws DTypeError for bool */
export function neg<D extends DType>(x: Tensor<D>): Tensor<D> {
  return op([x]) as Tensor<D>;
}
