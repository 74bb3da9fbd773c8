/**
 * Sums, maxima and minima over axes. Elements are taken in row-major order, each into the double of its result, and
 * rounded once at the end: a sum does not depend on how the rest of the array is shaped. NaN wins.
 */
import type { Operand, ReduceOp, Spec } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import { strides, walk } from '../broadcast.js';
import type { Workspace } from '../workspace.js';

type Loop = (x: Float32Array, i: number, to: number, acc: Float64Array, p: number, dp: number) => void;

// Two loops each: a row that ends in one result keeps it in a register.
const loops: Record<ReduceOp, Loop> = {
  sum(x, i, to, acc, p, dp) {
    if (dp === 0) {
      let s = acc[p]!;
      for (; i < to; i++) s += x[i]!;
      acc[p] = s;
    } else for (; i < to; i++, p = (p + dp) | 0) acc[p] = acc[p]! + x[i]!;
  },
  max(x, i, to, acc, p, dp) {
    if (dp === 0) {
      let s = acc[p]!;
      for (; i < to; i++) s = Math.max(s, x[i]!);
      acc[p] = s;
    } else for (; i < to; i++, p = (p + dp) | 0) acc[p] = Math.max(acc[p]!, x[i]!);
  },
  min(x, i, to, acc, p, dp) {
    if (dp === 0) {
      let s = acc[p]!;
      for (; i < to; i++) s = Math.min(s, x[i]!);
      acc[p] = s;
    } else for (; i < to; i++, p = (p + dp) | 0) acc[p] = Math.min(acc[p]!, x[i]!);
  },
};

const start: Record<ReduceOp, number> = { sum: 0, max: -Infinity, min: Infinity };

export function reduce(
  op: ReduceOp,
  x: Operand<CpuBuffer>,
  axes: readonly number[],
  out: Spec,
  { arrays, scratch }: Workspace,
): Data {
  const size = sizeOf(out.shape);
  const acc = scratch.doubles('z', size).fill(start[op], 0, size);
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const steps = strides(kept).map((step, axis) => (axes.includes(axis) ? 0 : step));
  const data = x.handle.data as Float32Array;
  const row = loops[op];
  walk(x.shape, [steps], (at, n, p, dp) => row(data, at, at + n, acc, p, dp));
  const y = arrays.take(out.dtype, size);
  for (let i = 0; i < size; i++) y[i] = acc[i]!;
  return y;
}
