/** z = x where the condition holds, else y; broadcasting. What is not chosen is not even read. */
import type { Operand, Spec } from '@recurra/core';
import { allocate, sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import { broadcast, walk } from '../broadcast.js';

export function where(cond: Operand<CpuBuffer>, a: Operand<CpuBuffer>, b: Operand<CpuBuffer>, out: Spec): Data {
  const z = allocate(out.dtype, sizeOf(out.shape));
  const c = cond.handle.data;
  const x = a.handle.data;
  const y = b.handle.data;
  const steps = [cond, a, b].map((operand) => broadcast(operand.shape, out.shape));
  walk(out.shape, steps, (at, n, p, dp, q, dq, r, dr) => {
    for (const end = at + n; at < end; at++, p += dp, q += dq, r += dr) z[at] = c[p] !== 0 ? x[q]! : y[r]!;
  });
  return z;
}
