/** Slices of x along an axis, picked by index; an index out of range gives zeros. */
import type { Operand, Spec } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { copyRow } from './copy.js';

export function gather(
  x: Operand<CpuBuffer>,
  indices: Operand<CpuBuffer>,
  axis: number,
  out: Spec,
  { arrays }: Workspace,
): Data {
  const y = arrays.take(out.dtype, sizeOf(out.shape));
  const index = indices.handle.data;
  const outer = sizeOf(x.shape.slice(0, axis));
  const n = x.shape[axis]!;
  const inner = sizeOf(x.shape.slice(axis + 1));
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < index.length; i++, to += inner) {
      const k = index[i]!;
      if (k < 0 || k >= n) y.fill(0, to, to + inner);
      else copyRow(x.handle.data, (o * n + k) * inner, 1, y, to, inner);
    }
  }
  return y;
}
