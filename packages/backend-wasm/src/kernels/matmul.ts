/** C = A·B over the last two axes; leading axes broadcast. B goes into panels; one that comes again keeps them. */
import type { MatmulOptions, Operand, Spec } from '@recurra/core';
import { broadcast, planes } from '../broadcast.js';
import { sizeOf, type WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';

/** Elements of B below which packing costs too little to keep anything, and rows of A that outweigh it. */
const SMALL = 1024;
const MANY = 32;
/** Bytes for the columns of the last panel that C has not. */
const EDGE = 4 * 32;

export function matmul(
  space: Space,
  a: Operand<WasmBuffer>,
  b: Operand<WasmBuffer>,
  { transposeA, transposeB }: MatmulOptions,
  out: Spec,
): WasmBuffer {
  const { kernels, make } = space;
  const size = sizeOf(out.shape);
  let m = out.shape.at(-2)!;
  const n = out.shape.at(-1)!;
  const k = a.shape.at(transposeA ? -2 : -1)!;
  if (size === 0 || k === 0) {
    const none = make(out);
    kernels.fill32(0, none.offset, size);
    return none;
  }
  // The distance between neighbours along m, n and k.
  const am = transposeA ? 1 : k;
  const ak = transposeA ? m : 1;
  const bn = transposeB ? k : 1;
  const bk = transposeB ? 1 : n;
  const sizeA = m * k;
  const sizeB = k * n;
  const whole = b.handle.size === sizeB;
  // One B for all rows: a batch of matrices A is one tall matrix.
  if (whole && !transposeA) m = size / n;
  const bytes = Math.ceil(n / 8) * k * 32;
  const key = `matmul ${k} ${n} ${bk}`;
  const keeps = whole && sizeB >= SMALL && m < MANY && space.again(b.handle, key);
  const edge = space.scratch(keeps ? EDGE : EDGE + bytes);
  const kept = keeps
    ? space.derived(b.handle, key, bytes, (to) => kernels.packPanels(b.handle.offset, bk, bn, k, n, to))
    : 0;
  const z = make(out);
  const panels = kept || edge + EDGE;
  let packed = keeps ? 0 : -1;
  const one = (p: number, q: number, to: number): void => {
    if (packed !== q) kernels.packPanels(b.handle.offset + q * 4, bk, bn, k, n, panels);
    packed = q;
    kernels.product(a.handle.offset + p * 4, am, ak, panels, m, k, n, z.offset + to * 4, edge);
  };
  if (size === m * n) {
    one(0, 0, 0);
    return z;
  }
  const lead = out.shape.slice(0, -2);
  const own = [a, b].map((x) => broadcast(x.shape.slice(0, -2), lead));
  planes(lead, own, (rows, count, [u, v], at, [i, j]) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < count; c++) {
        const p = i! + r * u!.row + c * u!.element;
        const q = j! + r * v!.row + c * v!.element;
        one(p * sizeA, q * sizeB, (at + r * count + c) * m * n);
      }
    }
  });
  return z;
}
