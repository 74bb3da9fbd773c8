/** Slices of x along an axis, picked by index; an index out of range gives zeros. */
import type { Operand, Spec } from '@recurra/core';
import { allocate, sizeOf, type CpuBuffer, type Data } from '../buffer.js';

export function gather(x: Operand<CpuBuffer>, indices: Operand<CpuBuffer>, axis: number, out: Spec): Data {
  const y = allocate(out.dtype, sizeOf(out.shape));
  const { data } = x.handle;
  const index = indices.handle.data;
  const outer = sizeOf(x.shape.slice(0, axis));
  const n = x.shape[axis]!;
  const inner = sizeOf(x.shape.slice(axis + 1));
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < index.length; i++, to += inner) {
      const k = index[i]!;
      if (k < 0 || k >= n) continue;
      const from = (o * n + k) * inner;
      if (inner > 64) y.set(data.subarray(from, from + inner), to);
      else for (let j = 0; j < inner; j++) y[to + j] = data[from + j]!;
    }
  }
  return y;
}
