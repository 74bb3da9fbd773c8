/**
 * A recurrence from its end to its beginning. Every step gives the gradients of its gates, dZ; the weights take theirs from
 * all steps at once, dW = Xᵀ·dZ and dU = Hᵀ·dZ with the states before each step, sums in double precision and in the order
 * of rows and, in a row, of time. A masked step hands the gradient of its output to the step that it repeats.
 */
import type { Operand, RecurrentSpec } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import { matmul } from '../kernels/matmul.js';
import { accumulate, pack, padded, WIDTH } from '../panels.js';
import type { Workspace } from '../workspace.js';
import type { BackwardCell, BackwardStep } from './backward-cells.js';
import { copy, type Cell, type Inputs } from './recurrence.js';

/** The gradient of each input that needs one; null for the others, and for the mask. */
export function backward(
  { twoSided, resetFrom, phases }: BackwardCell,
  { bias: columns, gates, states }: Cell,
  { dims, reverse, returnSequences, zeroOutputForMask }: RecurrentSpec,
  inputs: Inputs,
  made: readonly Operand<CpuBuffer>[],
  residuals: readonly Operand<CpuBuffer>[],
  grads: Inputs,
  needs: readonly boolean[],
  space: Workspace,
): (Data | null)[] {
  const { batch, time, inputs: F, units: u } = dims;
  const [x, kernel, recurrentKernel, bias, ...rest] = inputs;
  const initial = rest.slice(0, -1);
  const valid = rest.at(-1)?.handle.data ?? null;
  const [Z, C] = residuals.map(({ handle }) => handle.data) as [Data, Data];
  // The outputs at valid steps are h, whatever the others are.
  const H = (returnSequences ? made[0]! : residuals.at(-1)!).handle.data;
  const [gy, gh, gc] = grads.map((g) => g?.handle.data ?? null) as [Data | null, Data | null, Data | null];

  const { arrays } = space;
  const rows = batch * time;
  const w = padded(u);
  const wide = columns.length * u;
  const n = gates * u;
  const doubles = (k: number): Float64Array => new Float64Array(batch * k);
  const dz = doubles(n);
  const step: BackwardStep = {
    u,
    w,
    a: doubles(wide),
    d: doubles(wide),
    dz,
    dr: twoSided ? doubles(n) : dz,
    dh: doubles(w),
    ds: doubles(w),
    h: doubles(u),
    old: doubles(u),
    s: doubles(u),
    e: doubles(u),
  };
  const { a, dr, dh, ds, h, old, s } = step;
  const repeated = doubles(u);
  for (let b = 0; b < batch; b++) {
    for (let j = 0; j < u; j++) {
      if (gh) dh[b * w + j] = gh[b * u + j]!;
      if (gc) ds[b * w + j] = gc[b * u + j]!;
    }
  }
  const U = recurrentKernel!.handle.data as Float32Array;
  const panels = phases.map(({ from, to }) =>
    pack(U, from * u, (to - from) * u, u, 1, 1, n, new Float32Array((to - from) * u * w)),
  );

  const before = previous(valid, dims, reverse);
  const taken: Data[] = [];
  const take = (k: number): Float32Array => {
    const data = arrays.take('float32', rows * k);
    taken.push(data);
    return data;
  };
  const dZ = take(n);
  const dR = twoSided ? take(n) : dZ;
  const hs = take(u);
  const resets = resetFrom < gates ? take(u) : null;

  for (let i = time - 1; i >= 0; i--) {
    const t = reverse ? time - 1 - i : i;
    for (let b = 0; b < batch; b++) {
      const row = b * time + t;
      const p = b * u;
      const now = valid === null || valid[row] !== 0;
      if (gy && (returnSequences || i === time - 1) && (now || !zeroOutputForMask)) {
        addTo(repeated, p, gy, (returnSequences ? row : b) * u, u);
      }
      if (!now) {
        dz.fill(0, b * n, b * n + n);
        dr.fill(0, b * n, b * n + n);
        s.fill(0, p, p + u);
        h.fill(0, p, p + u);
        continue;
      }
      addTo(dh, b * w, repeated, p, u);
      repeated.fill(0, p, p + u);
      widen(Z, row * wide, a, b * wide, wide);
      const from = before[row]!;
      stateBefore(H, from, initial[0], p, u, h);
      if (states === 2) {
        stateBefore(C, from, initial[1], p, u, old);
        stateBefore(C, row, null, p, u, s);
      }
    }
    phases.forEach(({ equation, into, from, to }, k) => {
      for (let b = 0; b < batch; b++) if (valid === null || valid[b * time + t] !== 0) equation(step, b);
      accumulate(dr, from * u, n, batch, (to - from) * u, panels[k]!, 0, w / WIDTH, into === 'dh' ? dh : ds, 0, w);
    });
    for (let b = 0; b < batch; b++) {
      const row = b * time + t;
      copy(dz, b * n, dZ, row * n, n);
      if (twoSided) copy(dr, b * n, dR, row * n, n);
      copy(h, b * u, hs, row * u, u);
      if (resets) copy(s, b * u, resets, row * u, u);
    }
  }

  const W = operand(kernel!.handle.data, [F, n]);
  const dx = needs[0]
    ? matmul(
        operand(dZ, [rows, n]),
        W,
        { transposeA: false, transposeB: true },
        { shape: [rows, F], dtype: 'float32' },
        space,
      )
    : null;
  let X = x!.handle.data;
  if (valid !== null) {
    // What lies in padding reaches no gradient, NaN or not.
    const clean = take(F);
    clean.set(X);
    X = clean;
    for (let row = 0; row < rows; row++) {
      if (valid[row] !== 0) continue;
      clean.fill(0, row * F, row * F + F);
      dx?.fill(0, row * F, row * F + F);
    }
  }
  const dW = needs[1] ? arrays.take('float32', F * n) : null;
  if (dW) products(X, F, dZ, n, 0, gates * u, rows, dW, space);
  const dU = needs[2] ? arrays.take('float32', u * n) : null;
  if (dU) {
    const whole = Math.min(resetFrom, gates) * u;
    products(hs, u, dR, n, 0, whole, rows, dU, space);
    if (resets) products(resets, u, dR, n, whole, n, rows, dU, space);
  }
  const db = bias && needs[3] ? columnSums(twoSided ? [dZ, dR] : [dZ], rows, n, space) : null;
  for (const data of taken) arrays.give(data);

  const first = initial.map((state, i) => {
    if (!state || !needs[4 + i]) return null;
    const data = arrays.take('float32', batch * u);
    for (let b = 0; b < batch; b++) copy(i === 0 ? dh : ds, b * w, data, b * u, u);
    return data;
  });
  return [dx, dW, dU, db, ...first, null];
}

const operand = (data: Data, shape: readonly number[]): Operand<CpuBuffer> => ({
  handle: { data },
  shape,
  dtype: 'float32',
});

// Loops of their own: inside the long one above they would cost five times as much.
function widen(source: Data, q: number, into: Float64Array, p: number, n: number): void {
  for (let j = 0; j < n; j++) into[p + j] = source[q + j]!;
}
function addTo(sum: Float64Array, p: number, terms: Data | Float64Array, q: number, n: number): void {
  for (let j = 0; j < n; j++) sum[p + j]! += terms[q + j]!;
}

/** For each step the row of the last valid step before it, −1 where there is none. */
function previous(valid: Data | null, { batch, time }: RecurrentSpec['dims'], reverse: boolean): Int32Array {
  const before = new Int32Array(batch * time);
  for (let b = 0; b < batch; b++) {
    let last = -1;
    for (let i = 0; i < time; i++) {
      const row = b * time + (reverse ? time - 1 - i : i);
      before[row] = last;
      if (valid === null || valid[row] !== 0) last = row;
    }
  }
  return before;
}

/** The state of a row as doubles: what was saved at a step, or the initial one. */
function stateBefore(
  saved: Data,
  row: number,
  initial: Operand<CpuBuffer> | null | undefined,
  p: number,
  u: number,
  into: Float64Array,
): void {
  const source = row < 0 ? initial?.handle.data : saved;
  const q = row < 0 ? p : row * u;
  if (source === undefined) into.fill(0, p, p + u);
  else widen(source, q, into, p, u);
}

/** Rows of both sides that are multiplied at once: the sums go on from block to block, so that no bit depends on it. */
const BLOCK = 128;

/** Columns from … to of y [m, n] = leftᵀ·right, left [rows, m], right [rows, n]. */
function products(
  left: Data,
  m: number,
  right: Float32Array,
  n: number,
  from: number,
  to: number,
  rows: number,
  y: Float32Array,
  { scratch }: Workspace,
): void {
  const width = to - from;
  const w = padded(width);
  const x = scratch.doubles('x', m * BLOCK);
  const z = scratch.doubles('z', m * w).fill(0, 0, m * w);
  for (let first = 0; first < rows; first += BLOCK) {
    const k = Math.min(BLOCK, rows - first);
    const panels = pack(right, first * n + from, k, width, 1, n, 1, scratch.floats(k * w));
    for (let r = 0, p = first * m; r < k; r++) for (let i = 0; i < m; i++, p++) x[i * k + r] = left[p]!;
    accumulate(x, 0, k, m, k, panels, 0, w / WIDTH, z, 0, w);
  }
  for (let i = 0; i < m; i++) for (let j = 0; j < width; j++) y[i * n + from + j] = z[i * w + j]!;
}

/** Σ over rows, one matrix after the other. */
function columnSums(of: readonly Float32Array[], rows: number, n: number, { arrays }: Workspace): Data {
  const sums = new Float64Array(of.length * n);
  of.forEach((data, i) => {
    for (let p = 0; p < rows * n; p += n) addTo(sums, i * n, data, p, n);
  });
  const rounded = arrays.take('float32', sums.length);
  rounded.set(sums);
  return rounded;
}
