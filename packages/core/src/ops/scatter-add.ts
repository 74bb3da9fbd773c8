/** The transpose of gather: y = zeros, with updates added at the places indices name   ∂updates = gather of g */
import { defineOp } from '../define-op.js';
import { ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { checkedSize, normalizeAxis, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { numbers, requireDType } from './elementwise.js';
import { gather } from './gather.js';

const op = /* @__PURE__ */ defineOp<{ axis: number; length: number }>({
  name: 'scatterAdd',
  infer([updates, indices], { axis, length }) {
    requireDType('scatterAdd', 'updates', updates!, numbers);
    requireDType('scatterAdd', 'indices', indices!, ['int32']);
    const rank = indices!.shape.length;
    if (!sameShape(updates!.shape.slice(axis, axis + rank), indices!.shape)) {
      const facts = { updates: updates!.shape, indices: indices!.shape, axis };
      throw new ShapeError(
        'scatterAdd',
        'updates must have the axes of indices, from axis on',
        facts,
        'indices [n], updates [n, …]',
      );
    }
    return { shape: updates!.shape.toSpliced(axis, rank, length), dtype: updates!.dtype };
  },
  forward: (kernels, [updates, indices], { axis }, out) => kernels.scatterAdd(updates!, indices!, axis, out),
  backward: ({ grad, inputs: [, indices], attrs: { axis } }) => [gather(grad, indices as Tensor<'int32'>, axis), null],
});

/**
 * Updates with the axes of `indices`, from `axis` on, replaced by one of `length`. What goes to the same place is added
 * up; an index that is negative or too large is dropped.
 *
 * @throws DTypeError unless indices are int32 and updates numbers; ShapeError when their axes do not fit
 */
export function scatterAdd<D extends DType>(
  updates: Tensor<D>,
  indices: Tensor<'int32'>,
  length: number,
  axis = 0,
): Tensor<D> {
  requireTensor('scatterAdd', 'updates', updates);
  requireTensor('scatterAdd', 'indices', indices);
  checkedSize('scatterAdd', [length]);
  const rank = updates.rank - indices.rank + 1;
  return op([updates, indices], { axis: normalizeAxis('scatterAdd', axis, rank), length }) as Tensor<D>;
}
