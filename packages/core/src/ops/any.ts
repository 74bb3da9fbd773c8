/** y = whether one is true, over axes. It has no gradient. */
import { scope } from '../scope.js';
import type { Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { bools, requireDType } from './elementwise.js';
import { resolveReduction, type ReduceOptions } from './reduction.js';
import { sum } from './sum.js';

/**
 * Whether any element is true over `axis` (one, several, or all when left out); of nothing it is false.
 *
 * @throws DTypeError unless x is bool; ShapeError for an axis that is not there
 */
export function any(x: Tensor<'bool'>, options: ReduceOptions = {}): Tensor<'bool'> {
  resolveReduction('any', x, options);
  requireDType('any', 'x', x, bools);
  return scope(() => cast(sum(cast(x, 'int32'), options), 'bool'));
}
