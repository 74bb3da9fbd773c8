/** Axis i of y is axis perm[i] of x.   ∂x = g, transposed back */
import { defineOp } from '../define-op.js';
import { ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType, Shape } from '../types.js';

const op = /* @__PURE__ */ defineOp<{ perm: readonly number[] }>({
  name: 'transpose',
  infer: ([x], { perm }) => ({ shape: perm.map((axis) => x!.shape[axis]!), dtype: x!.dtype }),
  forward: (kernels, [x], { perm }, out) => kernels.transpose(x!, perm, out),
  backward: ({ grad, attrs: { perm } }) => [
    transpose(
      grad,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ],
});

/**
 * The axes in another order; reversed when `perm` is left out.
 *
 * @throws ShapeError unless `perm` names every axis once
 */
export function transpose<D extends DType>(x: Tensor<D>, perm?: readonly number[]): Tensor<D> {
  requireTensor('transpose', 'x', x);
  const given = perm ?? x.shape.map((_, i) => x.rank - 1 - i);
  // From a list with holes it makes one without.
  const axes = Array.isArray(given)
    ? Array.from(given as Shape, (axis) => normalizeAxis('transpose', axis, x.rank))
    : [];
  if (!Array.isArray(given) || axes.length !== x.rank || new Set(axes).size !== x.rank) {
    throw new ShapeError(
      'transpose',
      'perm must name every axis once',
      { x: x.shape, perm },
      'transpose(x, [1, 0])',
      'AXIS',
    );
  }
  return op([x], { perm: axes }) as Tensor<D>;
}
