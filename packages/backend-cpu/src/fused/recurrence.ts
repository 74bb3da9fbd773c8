/**
 * The arithmetic of the fused recurrences, for sequences and for streams. A cell brings its equation for one row of units.
 *
 * The input's share of every gate, b + x·W, can be worked out for many steps at once; each step adds h·U to it. Both are
 * summed in double precision, terms in ascending order, and only the states are rounded to float32: so a row gives the
 * same bits alone, in a batch, step by step or as a whole sequence. Nothing is allocated per step.
 */
import type { Maybe, RecurrentDims } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Packed } from '../packed.js';
import { accumulate, padded, WIDTH } from '../panels.js';
import type { Scratch } from '../scratch.js';

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
  readonly from: number;
  readonly to: number;
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

/** What a kernel is given, in its order: x [B, T, F], kernel, recurrent kernel, bias, initial states, mask [B, T]. */
export type Inputs = readonly Maybe<CpuBuffer>[];

/** A recurrence under way, at the step it has come to. */
export interface Recurrence {
  /** Room for frames, row after row. */
  readonly x: Float64Array;
  /** Those that are handed out, [B, units] each; h, the output, comes first. */
  readonly states: readonly Float64Array[];
  /** Sets the states; zeros in place of null. */
  begin(from: Inputs): void;
  /** z = b + x·W for the first rows of x. */
  project(rows: number): void;
  /** One step: of all b whose valid[b·stride + t] is not 0. Its rows of z begin at `row`. */
  step(row: number, valid: Data | null, stride: number, t: number): void;
}

/** A recurrence at its initial states, with room for as many steps at once. */
export function recurrence(
  { bias: columns, gates, states: handedOut, phases }: Cell,
  { batch, inputs: F, units: u }: RecurrentDims,
  steps: number,
  [, kernel, recurrentKernel, bias, ...initial]: Inputs,
  packed: Packed,
  doubles: Scratch['doubles'],
): Recurrence {
  const w = padded(u);
  const perGate = w / WIDTH;
  const wide = columns.length * w;
  const W = packed.weights(kernel!.handle, F, u, gates, gates * u, 1);
  const U = packed.weights(recurrentKernel!.handle, u, u, gates, gates * u, 1);
  const x = doubles('x', steps * batch * F);
  const z = doubles('z', steps * batch * wide);
  const h = doubles('h', batch * u);
  const s = doubles('s', batch * u);
  const states = [h, s].slice(0, handedOut);

  const first = biasRow(columns, bias, u, w, doubles('bias', wide));
  const begin = (from: Inputs): void =>
    states.forEach((state, i) => {
      state.fill(0, 0, batch * u);
      if (from[i]) state.set(from[i].handle.data);
    });
  begin(initial);
  return {
    x,
    states,
    begin,
    project(rows) {
      for (let p = 0, end = rows * wide; p < end;) for (let j = 0; j < wide; j++) z[p++] = first[j]!;
      accumulate(x, 0, F, rows, F, W, 0, gates * perGate, z, 0, wide);
    },
    step(row, valid, stride, t) {
      for (let i = 0; i < phases.length; i++) {
        const { of, from, to, into, equation } = phases[i]!;
        const at = row * wide;
        accumulate(of === 'h' ? h : s, 0, u, batch, u, U, from * perGate, to * perGate, z, at + into * w, wide);
        if (equation === undefined) continue;
        for (let b = 0; b < batch; b++) {
          if (valid === null || valid[b * stride + t] !== 0) equation(z, at + b * wide, w, u, h, s, b * u);
        }
      }
    },
  };
}

// A function of its own, as is all that looks at inputs: closures made above would keep them in memory.
/** What a row of z holds before anything is added: the bias, its gates where the equation wants them. */
function biasRow(
  columns: Cell['bias'],
  bias: Maybe<CpuBuffer> | undefined,
  u: number,
  w: number,
  row: Float64Array,
): Float64Array {
  row.fill(0);
  columns.forEach((summed, column) => {
    for (const gate of bias ? summed : []) {
      for (let j = 0; j < u; j++) row[column * w + j]! += bias!.handle.data[gate * u + j]!;
    }
  });
  return row;
}

export function copy(x: Float64Array, p: number, y: Float32Array | Float64Array, q: number, n: number): void {
  for (let j = 0; j < n; j++) y[q + j] = x[p + j]!;
}
