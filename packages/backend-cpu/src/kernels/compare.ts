/** z = whether x relates to y, broadcasting, as bool. Whatever is compared with NaN is false. */
import type { CompareOp, Operand, Spec } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { pairs } from './binary.js';

type F = Float32Array;
type Loop = (a: F, p: number, dp: number, b: F, q: number, dq: number, z: Uint8Array, from: number, to: number) => void;

/* prettier-ignore */
const loops: Record<CompareOp, Loop> = {
  equal: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = a[p]! === b[q]! ? 1 : 0; },
  less: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = a[p]! < b[q]! ? 1 : 0; },
  lessEqual: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = a[p]! <= b[q]! ? 1 : 0; },
};

export function compare(
  op: CompareOp,
  a: Operand<CpuBuffer>,
  b: Operand<CpuBuffer>,
  out: Spec,
  { arrays }: Workspace,
): Data {
  const size = sizeOf(out.shape);
  const z = arrays.take('bool', size);
  const row = loops[op];
  const x = a.handle.data as F;
  const y = b.handle.data as F;
  pairs(a, b, out, size, (at, n, p, dp, q, dq) => row(x, p, dp, y, q, dq, z, at, at + n));
  return z;
}
