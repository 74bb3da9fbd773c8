/** y = ⌊x⌋. Its gradient is 0 everywhere. */
import type { Tensor } from '../tensor.js';
import { defineUnary, floats } from './elementwise.js';

const op = /* @__PURE__ */ defineUnary('floor', floats);

/** The greatest whole number not above x, element by element. @throws DTypeError unless x is float32 */
export function floor(x: Tensor<'float32'>): Tensor<'float32'> {
  return op([x]) as Tensor<'float32'>;
}
