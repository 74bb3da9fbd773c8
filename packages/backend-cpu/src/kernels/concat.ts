/** One after the other along an axis: what lies inside the axis is contiguous in each of them. */
import type { Operand, Spec } from '@recurra/core';
import { allocate, sizeOf, type CpuBuffer, type Data } from '../buffer.js';

export function concat(xs: readonly Operand<CpuBuffer>[], axis: number, out: Spec): Data {
  const y = allocate(out.dtype, sizeOf(out.shape));
  const outer = sizeOf(out.shape.slice(0, axis));
  const width = sizeOf(out.shape.slice(axis));
  let left = 0;
  for (const x of xs) {
    const { data } = x.handle;
    const n = sizeOf(x.shape.slice(axis));
    for (let o = 0; o < outer; o++) {
      const from = o * n;
      const to = o * width + left;
      if (n > 64) y.set(data.subarray(from, from + n), to);
      else for (let i = 0; i < n; i++) y[to + i] = data[from + i]!;
    }
    left += n;
  }
  return y;
}
