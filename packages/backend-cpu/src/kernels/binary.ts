/**
 * z = f(x, y), broadcasting. One loop for each operation (why: see unary.ts), over a row: p and q step through the
 * operands by 1, or by 0 where an operand is repeated. Values are computed in double precision and rounded once.
 */
import type { BinaryOp, Operand, Spec } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import { broadcast, walk } from '../broadcast.js';
import { pow } from '../math/pow.js';
import type { Workspace } from '../workspace.js';

type F = Float32Array;
type Loop = (a: F, p: number, dp: number, b: F, q: number, dq: number, z: F, from: number, to: number) => void;

// The `| 0` tells the engine that a step cannot leave the integers: a tenth of the time of the loop.
/* prettier-ignore */
const float: Partial<Record<BinaryOp, Loop>> = {
  add: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = a[p]! + b[q]!; },
  sub: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = a[p]! - b[q]!; },
  mul: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = a[p]! * b[q]!; },
  div: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = a[p]! / b[q]!; },
  pow: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = pow(a[p]!, b[q]!); },
  maximum: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = Math.max(a[p]!, b[q]!); },
  minimum: (a, p, dp, b, q, dq, z, i, to) => { for (; i < to; i++, p = (p + dp) | 0, q = (q + dq) | 0) z[i] = Math.min(a[p]!, b[q]!); },
};

/** For int32 and bool. Storing wraps around at 32 bits; a product is wrapped before it can lose digits. */
const whole: Partial<Record<BinaryOp, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => Math.imul(a, b),
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  logicalAnd: (a, b) => a & b,
  logicalOr: (a, b) => a | b,
};

export function binary(
  op: BinaryOp,
  a: Operand<CpuBuffer>,
  b: Operand<CpuBuffer>,
  out: Spec,
  { arrays }: Workspace,
): Data {
  const size = sizeOf(out.shape);
  const z = arrays.take(out.dtype, size);
  const x = a.handle.data;
  const y = b.handle.data;
  let row: Loop;
  if (z instanceof Float32Array) {
    row = float[op]!;
  } else {
    const f = whole[op]!;
    row = (u, p, dp, v, q, dq, w, i, to) => {
      for (; i < to; i++, p += dp, q += dq) w[i] = f(u[p]!, v[q]!);
    };
  }
  pairs(a, b, out, size, (at, n, p, dp, q, dq) => row(x as F, p, dp, y as F, q, dq, z as F, at, at + n));
  return z;
}

/** The rows of two operands that broadcast to `out`; one row where both are whole or scalar. */
export function pairs(
  a: Operand<CpuBuffer>,
  b: Operand<CpuBuffer>,
  out: Spec,
  size: number,
  row: (at: number, n: number, p: number, dp: number, q: number, dq: number) => void,
): void {
  const n = a.handle.data.length;
  const m = b.handle.data.length;
  if ((n === size || n === 1) && (m === size || m === 1)) row(0, size, 0, n === 1 ? 0 : 1, 0, m === 1 ? 0 : 1);
  else walk(out.shape, [broadcast(a.shape, out.shape), broadcast(b.shape, out.shape)], row);
}
