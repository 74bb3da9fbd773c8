/** What brings many elements into one place: sums, extremes, where they are, and the transpose of gather. */
import type { ArgReduceOp, Operand, ReduceOp, Spec } from '@recurra/core';
import { planes, strides } from '../broadcast.js';
import { sizeOf, type WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';

type X = Operand<WasmBuffer>;

const ops: readonly ReduceOp[] = ['sum', 'max', 'min'];
const start = { sum: 0, max: -Infinity, min: Infinity };
const startInt = { sum: 0, max: -2147483648, min: 2147483647 };

export function reduce(space: Space, op: ReduceOp, x: X, axes: readonly number[], out: Spec): WasmBuffer {
  const { kernels, make } = space;
  const size = sizeOf(out.shape);
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const steps = strides(kept).map((step, axis) => (axes.includes(axis) ? 0 : step));
  const code = ops.indexOf(op);
  const from = x.handle.offset;
  if (out.dtype === 'int32') {
    const z = make(out);
    kernels.fill32(startInt[op], z.offset, size);
    planes(x.shape, [steps], (m, n, [step], at, [to]) =>
      kernels.reduceInt(code, m, n, from + (at << 2), z.offset + (to! << 2), step!.row, step!.element),
    );
    return z;
  }
  const acc = space.scratch(size * 8);
  const z = make(out);
  kernels.fill64(start[op], acc, size);
  planes(x.shape, [steps], (m, n, [step], at, [to]) =>
    kernels.reduceFloat(code, m, n, from + (at << 2), acc + (to! << 3), step!.row, step!.element),
  );
  kernels.demote(acc, z.offset, size);
  return z;
}

export function argReduce({ kernels, make }: Space, op: ArgReduceOp, x: X, axis: number, out: Spec): WasmBuffer {
  const z = make(out);
  const loop = x.dtype === 'float32' ? kernels.argFloat : kernels.argInt;
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  loop(op === 'argMax' ? 1 : 0, outer, x.shape[axis]!, inner, x.handle.offset, z.offset);
  return z;
}

export function scatterAdd(space: Space, updates: X, indices: X, axis: number, out: Spec): WasmBuffer {
  const { kernels, make } = space;
  const size = sizeOf(out.shape);
  const outer = sizeOf(out.shape.slice(0, axis));
  const inner = sizeOf(out.shape.slice(axis + 1));
  const [x, index] = [updates.handle.offset, indices.handle];
  if (out.dtype === 'int32') {
    const z = make(out);
    kernels.fill32(0, z.offset, size);
    kernels.scatterInt(outer, x, out.shape[axis]!, inner, index.offset, index.size, z.offset);
    return z;
  }
  const acc = space.scratch(size * 8);
  const z = make(out);
  kernels.fill64(0, acc, size);
  kernels.scatterFloat(outer, x, out.shape[axis]!, inner, index.offset, index.size, acc);
  kernels.demote(acc, z.offset, size);
  return z;
}
