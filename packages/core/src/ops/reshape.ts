/** The same numbers under another shape; the buffer is shared.   ∂x = g under x's shape */
import { defineOp } from '../define-op.js';
import { ShapeError } from '../errors.js';
import { checkedSize, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType, Shape } from '../types.js';

const op = /* @__PURE__ */ defineOp<{ shape: Shape }>({
  name: 'reshape',
  infer: ([x], { shape }) => ({ shape: resolve(x!.shape, shape), dtype: x!.dtype }),
  backward: ({ grad, inputs: [x] }) => [reshape(grad, x!.shape)],
});

/**
 * The same elements in the same row-major order. One length may be −1: it is what remains.
 *
 * @throws ShapeError when the numbers of elements differ
 */
export function reshape<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  return op([x], { shape }) as Tensor<D>;
}

function resolve(from: Shape, to: Shape): Shape {
  const open = Array.isArray(to) ? to.indexOf(-1) : -1;
  const known = open < 0 ? to : to.filter((_, i) => i !== open);
  const rest = sizeOf(from) / checkedSize('reshape', known);
  const shape = open < 0 ? [...to] : to.map((n, i) => (i === open ? rest : n));
  // Beside a length 0 nothing says what remains: rest is not a number then.
  if (sizeOf(shape) !== sizeOf(from) || !shape.every(Number.isInteger)) {
    const hint = 'one length may be −1: it is what remains';
    throw new ShapeError('reshape', 'the numbers of elements differ', { from, to }, hint);
  }
  return shape;
}
