/** y = Σ x / n over axes of n elements   ∂x = g / n, repeated along those axes */
import { checkedFloats } from '../checks.js';
import { scope } from '../scope.js';
import type { Tensor } from '../tensor.js';
import { div } from './div.js';
import { requireSome, resolveReduction, type ReduceOptions } from './reduction.js';
import { sum } from './sum.js';

/**
 * Arithmetic mean over `axis` (one, several, or all when left out). The mean of nothing is an error, not NaN.
 *
 * @throws DTypeError unless x is float32; ShapeError for an axis that is not there or has no element
 */
export function mean(x: Tensor<'float32'>, options: ReduceOptions = {}): Tensor<'float32'> {
  checkedFloats('mean', 'x', x);
  const { axes } = resolveReduction('mean', x, options);
  requireSome('mean', x, axes);
  const n = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return scope(() => div(sum(x, options), n));
}
