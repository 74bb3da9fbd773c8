/** y = Σ x over axes   ∂x = g, repeated along those axes */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { repeatTo } from './broadcast-to.js';
import { defineReduction, keptShape, resolveNumbers, type ReduceOptions } from './reduction.js';
import { reshape } from './reshape.js';

/** For gradients: over axes that are known to be right. */
export const sumOver = /* @__PURE__ */ defineReduction('sum', ({ grad, inputs: [x], attrs: { axes } }) => [
  repeatTo(reshape(grad, keptShape(x!.shape, axes)), x!.shape),
]);

/**
 * Sum over `axis` (one, several, or all when left out); of nothing it is 0.
 *
 * @throws DTypeError for bool; ShapeError for an axis that is not there
 */
export function sum<D extends DType>(x: Tensor<D>, options: ReduceOptions = {}): Tensor<D> {
  return sumOver(x, resolveNumbers('sum', x, options)) as Tensor<D>;
}
