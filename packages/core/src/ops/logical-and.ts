/** z = a ∧ b. It has no gradient. */
import type { Tensor } from '../tensor.js';
import { bools, defineBinary } from './elementwise.js';

const op = /* @__PURE__ */ defineBinary('logicalAnd', bools);

/**
 * Whether both are true, element by element, broadcasting.
 *
 * @throws DTypeError unless both are bool; ShapeError when they do not broadcast
 */
export function logicalAnd(a: Tensor<'bool'>, b: Tensor<'bool'>): Tensor<'bool'> {
  return op(a, b) as Tensor<'bool'>;
}
