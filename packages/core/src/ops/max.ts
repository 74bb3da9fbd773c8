/** y = max x over axes   ∂x = g, split equally among the elements that equal y */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { amongEquals } from './among-equals.js';
import { defineReduction, requireSome, resolveNumbers, type ReduceOptions } from './reduction.js';

const op = /* @__PURE__ */ defineReduction('max', (of) => amongEquals(of));

/**
 * The greatest element over `axis` (one, several, or all when left out); NaN if there is one.
 *
 * @throws DTypeError for bool; ShapeError for an axis that is not there or has no element
 */
export function max<D extends DType>(x: Tensor<D>, options: ReduceOptions = {}): Tensor<D> {
  const reduced = resolveNumbers('max', x, options);
  requireSome('max', x, reduced.axes);
  return op(x, reduced) as Tensor<D>;
}
