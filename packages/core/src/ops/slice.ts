/** A strided window of x.   ∂x = g where the window was, 0 elsewhere */
import { defineOp } from '../define-op.js';
import { ArgumentError, ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import type { Tensor } from '../tensor.js';
import type { DType, Shape } from '../types.js';
import { scatterSlice } from './scatter-slice.js';

export interface SliceAttrs {
  readonly begin: readonly number[];
  readonly strides: readonly number[];
  readonly shape: Shape;
}

const op = /* @__PURE__ */ defineOp<SliceAttrs>({
  name: 'slice',
  infer: ([x], { shape }) => ({ shape, dtype: x!.dtype }),
  forward: (kernels, [x], { begin, strides }, out) => kernels.slice(x!, begin, strides, out),
  backward: ({ grad, inputs: [x], attrs }) => [scatterSlice(grad, attrs, x!.shape)],
});

/**
 * The elements begin, begin + stride, … along each axis, `size` of them (−1: as many as there are). A negative begin
 * counts from the end, a negative stride runs backwards. Trailing axes may be left out: they are taken whole.
 *
 *     slice(x, [0, 1], [-1, 2])               // x[:, 1:3]
 *     slice(x, [2], [-1], [-1])               // x[2::-1]
 *
 * @throws ShapeError when the window leaves x
 */
export function slice<D extends DType>(
  x: Tensor<D>,
  begin: readonly number[],
  size: readonly number[] = [],
  strides: readonly number[] = [],
): Tensor<D> {
  requireTensor('slice', 'x', x);
  return op([x], resolve(x.shape, begin, size, strides)) as Tensor<D>;
}

function resolve(of: Shape, begin: readonly number[], size: readonly number[], strides: readonly number[]): SliceAttrs {
  const facts = { x: of, begin, size, strides };
  if (![begin, size, strides].every(Array.isArray)) {
    throw new ArgumentError('slice', 'begin, size and strides are lists', facts, 'slice(x, [0, 1], [-1, 2])');
  }
  if (![begin, size, strides].flat().every((n) => n == null || Number.isInteger(n))) {
    throw new ShapeError('slice', 'begin, size and strides are whole numbers', facts, 'slice(x, [0, 1], [-1, 2])');
  }
  if (Math.max(begin.length, size.length, strides.length) > of.length) {
    throw new ShapeError('slice', 'there are more entries than axes', facts, 'at most one for each axis', 'RANK');
  }
  const starts: number[] = [];
  const steps: number[] = [];
  const shape: number[] = [];
  of.forEach((length, axis) => {
    const stride = strides[axis] ?? 1;
    const given = begin[axis] ?? (stride < 0 ? length - 1 : 0);
    const start = given < 0 && begin[axis] !== undefined ? given + length : given;
    const room = Math.max(0, stride > 0 ? Math.ceil((length - start) / stride) : Math.floor(start / -stride) + 1);
    const wanted = size[axis] ?? -1;
    const count = wanted === -1 ? room : wanted;
    // An empty window may begin just outside, and on an axis without elements every window does.
    const slack = count === 0 ? 1 : 0;
    const inside = start >= -slack && start < length + slack && count >= 0 && count <= room;
    if (!inside || stride === 0) {
      throw new ShapeError('slice', `the window leaves axis ${axis}`, facts, 'size −1 takes what is there');
    }
    starts.push(count === 0 ? 0 : start);
    steps.push(stride);
    shape.push(count);
  });
  return { begin: starts, strides: steps, shape };
}
