/** One after the other along an axis: what lies inside the axis is contiguous in each of them. */
import type { Operand, Spec } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { copyRow } from './copy.js';

export function concat(xs: readonly Operand<CpuBuffer>[], axis: number, out: Spec, { arrays }: Workspace): Data {
  const y = arrays.take(out.dtype, sizeOf(out.shape));
  const outer = sizeOf(out.shape.slice(0, axis));
  const width = sizeOf(out.shape.slice(axis));
  let left = 0;
  for (const x of xs) {
    const n = sizeOf(x.shape.slice(axis));
    for (let o = 0; o < outer; o++) copyRow(x.handle.data, o * n, 1, y, o * width + left, n);
    left += n;
  }
  return y;
}
