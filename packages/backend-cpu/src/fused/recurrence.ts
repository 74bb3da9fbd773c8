/**
 * What the fused recurrences share: time, direction, mask and memory. A cell brings its equation for one row of units.
 *
 * The input's share of every gate, b + x·W, is worked out for many steps at once; each step adds h·U to it. Both are
 * summed in double precision, terms in ascending order, and only the states are rounded to float32: so a row gives the
 * same bits alone, in a batch, step by step or as a whole sequence. Nothing is allocated per step.
 */
import type { Maybe, Operand, RecurrentSpec } from '@recurra/core';
import type { CpuBuffer } from '../buffer.js';
import { accumulate, padded, WIDTH } from '../panels.js';
import type { Workspace } from '../workspace.js';

/**
 * The equation for the row of z at `at`: gates of `w` doubles each, of which u count. It reads the old and writes the
 * new states at `p`: the row of h, and of s, which is c in an LSTM.
 */
export type Equation = (
  z: Float64Array,
  at: number,
  w: number,
  u: number,
  h: Float64Array,
  s: Float64Array,
  p: number,
) => void;

/** z[into …] += state · U[gates from … to); then the equation, on every row that is not masked. */
export interface Phase {
  readonly of: 'h' | 's';
  readonly gates: readonly [from: number, to: number];
  readonly into: number;
  readonly equation?: Equation;
}

export interface Cell {
  /** Which gates of the bias are summed at the start of each column of gates in z. */
  readonly bias: readonly (readonly number[])[];
  /** Gates of the kernels. */
  readonly gates: number;
  readonly phases: readonly Phase[];
}

/** Rows of the projection that are worked out at once. */
const ROWS = 64;

/** y, and the last h and s as they lie in memory: rows padded to whole panels. */
export function recurrence(
  cell: Cell,
  { dims, reverse, returnSequences, zeroOutputForMask }: RecurrentSpec,
  [x, kernel, recurrentKernel, bias, h0, s0, mask]: readonly [
    Operand<CpuBuffer>,
    Operand<CpuBuffer>,
    Operand<CpuBuffer>,
    ...Maybe<CpuBuffer>[],
  ],
  space: Workspace,
): { y: Float32Array; h: Float32Array; s: Float32Array } {
  const { batch, time, inputs, units: u } = dims;
  const { gates, phases } = cell;
  const w = padded(u);
  const columns = cell.bias.length * w;
  const W = space.weights(kernel.handle, inputs, u, gates, gates * u, 1);
  const U = space.weights(recurrentKernel.handle, u, u, gates, gates * u, 1);
  const panels = w / WIDTH;
  const start = biasRow(cell, bias, u, w, space);
  const h = state(h0, batch, u, w, 'h', space);
  const s = state(s0, batch, u, w, 's', space);
  const valid = mask?.handle.data;
  const begun = new Uint8Array(valid ? batch : 0);
  const y = new Float32Array(batch * u * (returnSequences ? time : 1));

  const steps = Math.min(time, Math.ceil(ROWS / Math.max(1, batch)));
  const frames = space.doubles('x', steps * batch * inputs);
  const z = space.doubles('z', steps * batch * columns);
  for (let t0 = 0; t0 < time; t0 += steps) {
    const rows = Math.min(steps, time - t0) * batch;
    load(x.handle.data, t0, rows, dims, reverse, frames);
    z.set(start);
    for (let n = columns; n < rows * columns; n *= 2) z.copyWithin(n, 0, Math.min(n, rows * columns - n));
    accumulate(frames, 0, inputs, rows, inputs, W, 0, gates * panels, z, 0, columns);
    for (let r = 0; r < rows; r += batch) {
      const step = t0 + r / batch;
      const t = reverse ? time - 1 - step : step;
      for (const {
        of,
        gates: [from, to],
        into,
        equation,
      } of phases) {
        accumulate(
          of === 'h' ? h : s,
          0,
          w,
          batch,
          u,
          U,
          from * panels,
          to * panels,
          z,
          r * columns + into * w,
          columns,
        );
        if (equation === undefined) continue;
        for (let b = 0; b < batch; b++) {
          if (valid === undefined || valid[b * time + t] !== 0) equation(z, (r + b) * columns, w, u, h, s, b * w);
        }
      }
      for (let b = 0; b < batch; b++) {
        const now = valid === undefined || valid[b * time + t] !== 0;
        if (now && valid !== undefined) begun[b] = 1;
        // A masked step repeats the output before it, which is h, or 0 as long as no step was valid.
        const shown = now || (!zeroOutputForMask && begun[b] !== 0);
        if (!shown || !(returnSequences || step === time - 1)) continue;
        const to = (returnSequences ? b * time + t : b) * u;
        for (let j = 0; j < u; j++) y[to + j] = h[b * w + j]!;
      }
    }
  }
  return { y, h: dense(h, batch, u, w), s: dense(s, batch, u, w) };
}

/** Frames in the order of their steps, all rows of a step together, as doubles. */
function load(
  x: ArrayLike<number>,
  t0: number,
  rows: number,
  { batch, time, inputs }: RecurrentSpec['dims'],
  reverse: boolean,
  frames: Float64Array,
): void {
  for (let r = 0; r < rows; r++) {
    const step = t0 + Math.floor(r / batch);
    const from = ((r % batch) * time + (reverse ? time - 1 - step : step)) * inputs;
    for (let i = 0, to = r * inputs; i < inputs; i++) frames[to + i] = x[from + i]!;
  }
}

/** What a row of z holds before anything is added: the bias, its gates where the equation wants them. */
function biasRow(cell: Cell, bias: Maybe<CpuBuffer> | undefined, u: number, w: number, space: Workspace): Float64Array {
  const row = space
    .doubles('bias', cell.bias.length * w)
    .subarray(0, cell.bias.length * w)
    .fill(0);
  if (!bias) return row;
  const { data } = bias.handle;
  cell.bias.forEach((summed, column) => {
    for (const gate of summed) {
      for (let j = 0; j < u; j++) row[column * w + j]! += data[gate * u + j]!;
    }
  });
  return row;
}

function state(
  x: Maybe<CpuBuffer> | undefined,
  batch: number,
  u: number,
  w: number,
  slot: string,
  space: Workspace,
): Float64Array {
  const rows = space.doubles(slot, batch * w).fill(0, 0, batch * w);
  if (!x) return rows;
  const { data } = x.handle;
  for (let b = 0; b < batch; b++) for (let j = 0; j < u; j++) rows[b * w + j] = data[b * u + j]!;
  return rows;
}

function dense(rows: Float64Array, batch: number, u: number, w: number): Float32Array {
  const x = new Float32Array(batch * u);
  for (let b = 0; b < batch; b++) for (let j = 0; j < u; j++) x[b * u + j] = rows[b * w + j]!;
  return x;
}
