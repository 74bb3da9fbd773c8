/** y = the slices of x along an axis that indices name   ∂x = scatterAdd of g */
import { defineOp } from '../define-op.js';
import { requireTensor } from '../is-tensor.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { requireDType } from './elementwise.js';
import { scatterAdd } from './scatter-add.js';

const op = /* @__PURE__ */ defineOp<{ axis: number }>({
  name: 'gather',
  infer([x, indices], { axis }) {
    requireDType('gather', 'indices', indices!, ['int32']);
    return { shape: x!.shape.toSpliced(axis, 1, ...indices!.shape), dtype: x!.dtype };
  },
  forward: (kernels, [x, indices], { axis }, out) => kernels.gather(x!, indices!, axis, out),
  backward: ({ grad, inputs: [x, indices], attrs: { axis } }) => [
    scatterAdd(grad, indices as Tensor<'int32'>, x!.shape[axis]!, axis),
    null,
  ],
});

/**
 * x with `axis` replaced by the axes of `indices`: rows of a table, for axis 0. Indices are not checked, as they are on
 * the device: one that is negative or too large gives 0.
 *
 * @throws DTypeError unless indices are int32; ShapeError for an axis that is not there
 */
export function gather<D extends DType>(x: Tensor<D>, indices: Tensor<'int32'>, axis = 0): Tensor<D> {
  requireTensor('gather', 'x', x);
  return op([x, indices], { axis: normalizeAxis('gather', axis, x.rank) }) as Tensor<D>;
}
