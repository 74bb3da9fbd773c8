/** y = −1, 0 or 1, as x is below, at or above 0. Its gradient is 0 everywhere. */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { defineUnary, numbers } from './elementwise.js';

const op = /* @__PURE__ */ defineUnary('sign', numbers);

/** −1, 0 or 1, element by element, NaN for NaN; same shape and dtype. @throws DTypeError for bool */
export function sign<D extends DType>(x: Tensor<D>): Tensor<D> {
  return op([x]) as Tensor<D>;
}
