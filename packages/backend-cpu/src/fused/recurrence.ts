/**
 * What the fused recurrences share: time, direction, mask and memory. A cell brings its equation for one row of units.
 *
 * The input's share of every gate, b + x·W, is worked out for many steps at once; each step adds h·U to it. Both are
 * summed in double precision, terms in ascending order, and only the states are rounded to float32: so a row gives the
 * same bits alone, in a batch, step by step or as a whole sequence. Nothing is allocated per step.
 */
import type { Maybe, Operand, RecurrentDims, RecurrentSpec } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import { accumulate, padded, WIDTH } from '../panels.js';
import type { Workspace } from '../workspace.js';

/**
 * The equation for the row of z at `at`: gates of `w` doubles each, of which u count. It reads the old states and
 * writes the new ones at `p`: the row of h, and of s, which is c in an LSTM.
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
  /** Gates of the kernels. */
  readonly gates: number;
  /** Which gates of the bias are summed at the start of each column of gates in z. */
  readonly bias: readonly (readonly number[])[];
  /** What is handed out: h, or h and s. */
  readonly states: 1 | 2;
  readonly phases: readonly Phase[];
}

export interface Inputs {
  readonly x: Operand<CpuBuffer>;
  readonly kernel: Operand<CpuBuffer>;
  readonly recurrentKernel: Operand<CpuBuffer>;
  readonly bias: Maybe<CpuBuffer>;
  readonly h0: Maybe<CpuBuffer>;
  readonly s0?: Maybe<CpuBuffer>;
  readonly mask: Maybe<CpuBuffer>;
}

/** Rows of the projection that are worked out at once. */
const ROWS = 64;

/** y and the last states. */
export function recurrence(cell: Cell, spec: RecurrentSpec, inputs: Inputs, space: Workspace): Data[] {
  const { dims, reverse, returnSequences, zeroOutputForMask } = spec;
  const { batch, time, inputs: F, units: u } = dims;
  const { arrays, packed, scratch } = space;
  const { gates } = cell;
  const w = padded(u);
  const perGate = w / WIDTH;
  const columns = cell.bias.length * w;
  const W = packed.weights(inputs.kernel.handle, F, u, gates, gates * u, 1);
  const U = packed.weights(inputs.recurrentKernel.handle, u, u, gates, gates * u, 1);
  const bias = biasRow(cell, inputs.bias, u, w, scratch.doubles('bias', columns));
  const h = padRows(inputs.h0, batch, u, w, scratch.doubles('h', batch * w));
  const s = padRows(inputs.s0, batch, u, w, scratch.doubles('s', batch * w));
  const valid = inputs.mask?.handle.data ?? null;
  const begun = valid && new Uint8Array(batch);
  const y = arrays.take('float32', batch * u * (returnSequences ? time : 1));
  if (valid !== null || time === 0) y.fill(0);

  const most = Math.min(time, Math.ceil(ROWS / Math.max(1, batch)));
  const x = scratch.doubles('x', most * batch * F);
  const z = scratch.doubles('z', most * batch * columns);
  for (let first = 0; first < time; first += most) {
    const steps = Math.min(most, time - first);
    load(inputs.x.handle.data, dims, first, steps, reverse, x);
    for (let p = 0, end = steps * batch * columns; p < end;) for (let j = 0; j < columns; j++) z[p++] = bias[j]!;
    accumulate(x, 0, F, steps * batch, F, W, 0, gates * perGate, z, 0, columns);
    for (let i = 0; i < steps; i++) {
      const t = reverse ? time - 1 - first - i : first + i;
      const row = i * batch;
      for (const { of, gates: range, into, equation } of cell.phases) {
        const [from, to] = range;
        const at = row * columns + into * w;
        accumulate(of === 'h' ? h : s, 0, w, batch, u, U, from * perGate, to * perGate, z, at, columns);
        if (equation === undefined) continue;
        for (let b = 0; b < batch; b++) {
          if (valid === null || valid[b * time + t] !== 0) equation(z, (row + b) * columns, w, u, h, s, b * w);
        }
      }
      const last = first + i === time - 1;
      for (let b = 0; b < batch; b++) {
        const now = valid === null || valid[b * time + t] !== 0;
        if (now && begun !== null) begun[b] = 1;
        // A masked step repeats the output before it, which is h, or 0 as long as no step was valid.
        if (!now && (zeroOutputForMask || begun![b] === 0)) continue;
        if (returnSequences || last) copy(h, b * w, y, (returnSequences ? b * time + t : b) * u, u);
      }
    }
  }
  const states = cell.states === 2 ? [h, s] : [h];
  return [y, ...states.map((state) => dense(state, batch, u, w, arrays.take('float32', batch * u)))];
}

/** Frames in the order of their steps, all rows of a step together, as doubles. */
function load(
  source: Data,
  { batch, time, inputs }: RecurrentDims,
  first: number,
  steps: number,
  reverse: boolean,
  x: Float64Array,
): void {
  let p = 0;
  for (let i = first; i < first + steps; i++) {
    for (let b = 0; b < batch; b++) {
      let q = (b * time + (reverse ? time - 1 - i : i)) * inputs;
      for (const end = q + inputs; q < end; q++) x[p++] = source[q]!;
    }
  }
}

/** What a row of z holds before anything is added: the bias, its gates where the equation wants them. */
function biasRow(cell: Cell, bias: Maybe<CpuBuffer>, u: number, w: number, row: Float64Array): Float64Array {
  row.fill(0);
  cell.bias.forEach((summed, column) => {
    for (const gate of bias === null ? [] : summed) {
      for (let j = 0; j < u; j++) row[column * w + j]! += bias!.handle.data[gate * u + j]!;
    }
  });
  return row;
}

/** An initial state in padded rows; zeros where there is none. */
function padRows(x: Maybe<CpuBuffer> | undefined, batch: number, u: number, w: number, to: Float64Array): Float64Array {
  to.fill(0, 0, batch * w);
  if (x) for (let b = 0; b < batch; b++) for (let j = 0; j < u; j++) to[b * w + j] = x.handle.data[b * u + j]!;
  return to;
}

function dense(rows: Float64Array, batch: number, u: number, w: number, to: Float32Array): Float32Array {
  for (let b = 0; b < batch; b++) copy(rows, b * w, to, b * u, u);
  return to;
}

function copy(x: Float64Array, p: number, y: Float32Array, q: number, n: number): void {
  for (let j = 0; j < n; j++) y[q + j] = x[p + j]!;
}
