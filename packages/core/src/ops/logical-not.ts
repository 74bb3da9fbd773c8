/** y = ¬x. It has no gradient. */
import type { Tensor } from '../tensor.js';
import { defineUnary, bools } from './elementwise.js';

const op = /* @__PURE__ */ defineUnary('logicalNot', bools);

/** Whether x is false, element by element. @throws DTypeError unless x is bool */
export function logicalNot(x: Tensor<'bool'>): Tensor<'bool'> {
  return op([x]) as Tensor<'bool'>;
}
