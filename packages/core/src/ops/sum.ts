/** y = Σ x over axes   ∂x = g, repeated along those axes */
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { broadcastTo } from './broadcast-to.js';
import { defineReduction, keptShape, type ReduceOptions } from './reduction.js';
import { reshape } from './reshape.js';

const op = /* @__PURE__ */ defineReduction('sum', ({ grad, inputs: [x], attrs: { axes } }) => [
  broadcastTo(reshape(grad, keptShape(x!.shape, axes)), x!.shape),
]);

/**
 * Sum over `axis` (one, several, or all when left out); of nothing it is 0.
 *
 * @throws DTypeError for bool; ShapeError for an axis that is not there
 */
export function sum<D extends DType>(x: Tensor<D>, options: ReduceOptions = {}): Tensor<D> {
  return op(x, options) as Tensor<D>;
}
