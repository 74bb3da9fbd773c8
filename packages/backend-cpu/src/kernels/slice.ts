/** A strided window. Negative strides run backwards. */
import type { Operand, Spec } from '@recurra/core';
import { allocate, sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import { strides, walk } from '../broadcast.js';

export function slice(x: Operand<CpuBuffer>, begin: readonly number[], by: readonly number[], out: Spec): Data {
  const own = strides(x.shape);
  let start = 0;
  begin.forEach((at, axis) => (start += at * own[axis]!));
  return copy(
    x,
    start,
    own.map((step, axis) => step * by[axis]!),
    out,
  );
}

/** The dense copy of a strided view of x. */
export function copy(x: Operand<CpuBuffer>, start: number, steps: readonly number[], out: Spec): Data {
  const y = allocate(out.dtype, sizeOf(out.shape));
  const data = x.handle.data;
  walk(
    out.shape,
    [steps],
    (at, n, p, dp) => {
      if (dp === 1 && n > 64) y.set(data.subarray(p, p + n), at);
      else for (const end = at + n; at < end; at++, p = (p + dp) | 0) y[at] = data[p]!;
    },
    start,
  );
  return y;
}
