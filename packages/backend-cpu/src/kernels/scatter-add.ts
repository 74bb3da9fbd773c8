/**
 * The transpose of gather: each slice of the updates is added where its index says; out of range, it is dropped. Slices
 * are added in the order of their indices, in double precision, and rounded once.
 */
import type { Operand, Spec } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';

export function scatterAdd(
  updates: Operand<CpuBuffer>,
  indices: Operand<CpuBuffer>,
  axis: number,
  out: Spec,
  { arrays, scratch }: Workspace,
): Data {
  const size = sizeOf(out.shape);
  const acc = scratch.doubles('z', size).fill(0, 0, size);
  const { data } = updates.handle;
  const index = indices.handle.data;
  const outer = sizeOf(out.shape.slice(0, axis));
  const n = out.shape[axis]!;
  const inner = sizeOf(out.shape.slice(axis + 1));
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < index.length; i++, from += inner) {
      const k = index[i]!;
      if (k < 0 || k >= n) continue;
      const to = (o * n + k) * inner;
      for (let j = 0; j < inner; j++) acc[to + j] = acc[to + j]! + data[from + j]!;
    }
  }
  const y = arrays.take(out.dtype, size);
  for (let i = 0; i < size; i++) y[i] = acc[i]!;
  return y;
}
