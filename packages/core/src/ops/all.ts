/** y = whether all are true, over axes: whether none is false. It has no gradient. */
import { scope } from '../scope.js';
import type { Tensor } from '../tensor.js';
import { any } from './any.js';
import { bools, requireDType } from './elementwise.js';
import { logicalNot } from './logical-not.js';
import { resolveReduction, type ReduceOptions } from './reduction.js';

/**
 * Whether all elements are true over `axis` (one, several, or all when left out); of nothing it is true.
 *
 * @throws DTypeError unless x is bool; ShapeError for an axis that is not there
 */
export function all(x: Tensor<'bool'>, options: ReduceOptions = {}): Tensor<'bool'> {
  resolveReduction('all', x, options);
  requireDType('all', 'x', x, bools);
  return scope(() => logicalNot(any(logicalNot(x), options)));
}
