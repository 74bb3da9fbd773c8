/** z = x where the condition holds, else y; broadcasting. What is not chosen is not even read. */
import type { Operand, Spec } from '@recurra/core';
import { broadcast, walk } from '../broadcast.js';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';

type Loop<T> = (
  c: Data,
  p: number,
  dp: number,
  a: T,
  q: number,
  dq: number,
  b: T,
  r: number,
  dr: number,
  z: T,
  from: number,
  to: number,
) => void;

// The same loop twice, as in copy.ts.
/* prettier-ignore */
const floats: Loop<Float32Array> = (c, p, dp, a, q, dq, b, r, dr, z, i, to) => {
  for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0, r = (r + dr) | 0) z[i] = c[p] !== 0 ? a[q]! : b[r]!;
};
/* prettier-ignore */
const others: Loop<Data> = (c, p, dp, a, q, dq, b, r, dr, z, i, to) => {
  for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0, r = (r + dr) | 0) z[i] = c[p] !== 0 ? a[q]! : b[r]!;
};

export function where(
  cond: Operand<CpuBuffer>,
  a: Operand<CpuBuffer>,
  b: Operand<CpuBuffer>,
  out: Spec,
  { arrays }: Workspace,
): Data {
  const z = arrays.take(out.dtype, sizeOf(out.shape));
  const loop = (z instanceof Float32Array ? floats : others) as Loop<Data>;
  const steps = [cond, a, b].map((x) => broadcast(x.shape, out.shape));
  walk(out.shape, steps, (at, n, p, dp, q, dq, r, dr) =>
    loop(cond.handle.data, p, dp, a.handle.data, q, dq, b.handle.data, r, dr, z, at, at + n),
  );
  return z;
}
