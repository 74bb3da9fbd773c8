/**
 * C = A·B over the last two axes; leading axes broadcast. Every element is Σₖ aₖ·bₖ in ascending k from 0, in double
 * precision, where products of float32 are exact, and rounded once. Blocks, panels and batches do not change a bit.
 */
import type { MatmulOptions, Operand, Spec } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import { broadcast, walk } from '../broadcast.js';
import { accumulate, pack, padded, WIDTH } from '../panels.js';
import type { Workspace } from '../workspace.js';

/** Rows for which packing B once costs more than reading it where it lies; it is kept for up to eight times as many. */
const FEW = 4;
/** Elements of B below which packing costs too little to keep anything. */
const SMALL = 1024;
/** Doubles of A that are worked on at a time, and columns of C. They stay in the caches nearest to the core. */
const BLOCK = 1 << 15;
const STRIP = 16 * WIDTH;

export function matmul(
  a: Operand<CpuBuffer>,
  b: Operand<CpuBuffer>,
  { transposeA, transposeB }: MatmulOptions,
  out: Spec,
  space: Workspace,
): Data {
  const y = space.arrays.take('float32', sizeOf(out.shape));
  let m = out.shape[out.shape.length - 2]!;
  const n = out.shape[out.shape.length - 1]!;
  const k = a.shape[a.shape.length - (transposeA ? 2 : 1)]!;
  if (y.length === 0 || k === 0) return y.fill(0);
  const A = a.handle.data as Float32Array;
  const B = b.handle.data as Float32Array;
  // The distance between neighbours along m, n and k.
  const am = transposeA ? 1 : k;
  const ak = transposeA ? m : 1;
  const bn = transposeB ? k : 1;
  const bk = transposeB ? 1 : n;
  const sizeA = m * k;
  const whole = B.length === k * n;
  // One B for all rows: a batch of matrices A is one tall matrix.
  if (whole && !transposeA) m = y.length / n;
  const kept = whole && n > 1 && k * n >= SMALL && m < FEW * 8 && space.packed.again(b.handle, k, n, bk);
  const panels = kept ? space.packed.weights(b.handle, k, n, 1, bk, bn) : null;

  const one = (p: number, q: number, to: number): void => {
    if (n === 1) row(B, q, bk, A, p, ak, am, k, m, y, to, space);
    else if (panels) block(A, p, am, ak, panels, m, k, n, y, to, space);
    else if (m < FEW) for (let i = 0; i < m; i++) row(A, p + i * am, ak, B, q, bk, bn, k, n, y, to + i * n, space);
    else block(A, p, am, ak, pack(B, q, k, n, 1, bk, bn, space.scratch.floats(k * padded(n))), m, k, n, y, to, space);
  };
  if (y.length === m * n) {
    one(0, 0, 0);
    return y;
  }
  const lead = out.shape.slice(0, -2);
  const steps = [a, b].map((x) => broadcast(x.shape.slice(0, -2), lead));
  walk(lead, steps, (at, count, p, dp, q, dq) => {
    for (let i = 0; i < count; i++, p += dp, q += dq) one(p * sizeA, q * k * n, (at + i) * m * n);
  });
  return y;
}

/** C by blocks of rows and strips of columns, B in panels. */
function block(
  A: Float32Array,
  from: number,
  am: number,
  ak: number,
  panels: Float32Array,
  m: number,
  k: number,
  n: number,
  y: Float32Array,
  to: number,
  space: Workspace,
): void {
  const tall = Math.min(m, Math.max(2, Math.floor(BLOCK / k) & -2));
  const wide = Math.min(padded(n), STRIP);
  const x = space.scratch.doubles('x', tall * k);
  const z = space.scratch.doubles('z', tall * wide);
  for (let i0 = 0; i0 < m; i0 += tall) {
    const rows = Math.min(tall, m - i0);
    load(A, from + i0 * am, am, ak, rows, k, x);
    for (let j0 = 0; j0 < n; j0 += wide) {
      const columns = Math.min(wide, n - j0);
      z.fill(0, 0, rows * wide);
      accumulate(x, 0, k, rows, k, panels, j0 / WIDTH, padded(j0 + columns) / WIDTH, z, 0, wide);
      for (let i = 0; i < rows; i++) {
        const p = i * wide;
        const q = to + (i0 + i) * n + j0;
        for (let j = 0; j < columns; j++) y[q + j] = z[p + j]!;
      }
    }
  }
}

/** Rows of A as dense doubles. */
function load(A: Float32Array, from: number, am: number, ak: number, rows: number, k: number, x: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    let p = from + i * am;
    for (let q = i * k, end = q + k; q < end; q++, p = (p + ak) | 0) x[q] = A[p]!;
  }
}

/** A row times a matrix reads the matrix once: where it lies, as packing it would cost more than the product. */
function row(
  A: Float32Array,
  from: number,
  ak: number,
  b: Float32Array,
  q: number,
  bk: number,
  bn: number,
  k: number,
  n: number,
  y: Float32Array,
  to: number,
  space: Workspace,
): void {
  const x = space.scratch.doubles('x', k);
  load(A, from, 0, ak, 1, k, x);
  // Eight columns at a time; the last eight may overlap those before, and give the same again.
  if (n >= 8) {
    for (let j = 0; j < n; j += 8) {
      const first = Math.min(j, n - 8);
      eight(x, b, q + first * bn, bk, bn, k, y, to + first);
    }
    return;
  }
  for (let j = 0; j < n; j++) {
    let s = 0;
    for (let i = 0, p = q + j * bn; i < k; i++, p = (p + bk) | 0) s += x[i]! * b[p]!;
    y[to + j] = s;
  }
}

function eight(
  x: Float64Array,
  b: Float32Array,
  p: number,
  bk: number,
  bn: number,
  k: number,
  y: Float32Array,
  to: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  const four = 4 * bn;
  for (let i = 0; i < k; i++, p = (p + bk) | 0) {
    const v = x[i]!;
    const r = (p + four) | 0;
    s0 += v * b[p]!;
    s1 += v * b[p + bn]!;
    s2 += v * b[p + 2 * bn]!;
    s3 += v * b[p + 3 * bn]!;
    s4 += v * b[r]!;
    s5 += v * b[r + bn]!;
    s6 += v * b[r + 2 * bn]!;
    s7 += v * b[r + 3 * bn]!;
  }
  y[to] = s0;
  y[to + 1] = s1;
  y[to + 2] = s2;
  y[to + 3] = s3;
  y[to + 4] = s4;
  y[to + 5] = s5;
  y[to + 6] = s6;
  y[to + 7] = s7;
}
