/** z = x ∧ y. It has no gradient. */
import type { Tensor } from '../tensor.js';
import { bools, defineBinary } from './elementwise.js';

const op = /* @__PURE__ */ defineBinary('logicalAnd', bools);

export function logicalAnd(a: Tensor<'bool'>, b: Tensor<'bool'>): Tensor<'bool'> {
  return op([a, b]) as Tensor<'bool'>;
}
