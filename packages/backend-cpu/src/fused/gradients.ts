/**
 * What `cpu({ gradients })` brings: the fused recurrences while a tape records. The way there saves, for each valid step, z
 * (every gate before its activation), c in an LSTM, and h unless the outputs are all of h; the way back is in `backward.ts`.
 */
import type { Operand, RecurrentSpec } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { backward } from './backward.js';
import { backwardCells, type BackwardName } from './backward-cells.js';
import { copy, type Cell, type Inputs, type Phase } from './recurrence.js';
import { sequence } from './sequence.js';
import { slope } from './slopes.js';

/** What a recurrent kernel needs while a tape records. */
export interface Differentiable<S> {
  runForGradient(spec: S, inputs: Inputs): { outputs: Operand<CpuBuffer>[]; residuals: Operand<CpuBuffer>[] };
  vjp(
    spec: S,
    inputs: Inputs,
    outputs: readonly Operand<CpuBuffer>[],
    residuals: readonly Operand<CpuBuffer>[],
    grads: Inputs,
    needs: readonly boolean[],
  ): (Operand<CpuBuffer> | null)[];
}

/** A recurrent kernel, and how it is told of the rest of this backend. */
export interface Kernel<S> {
  readonly cell: (spec: S) => Cell;
  readonly name: BackwardName;
  readonly space: Workspace;
  readonly operand: (data: Data, shape: readonly number[]) => Operand<CpuBuffer>;
  /** The outputs as `sequence` gives them. */
  readonly outputs: (spec: S, data: readonly Data[]) => Operand<CpuBuffer>[];
}

/** The spec of any of the three. */
export type AnySpec = RecurrentSpec & { readonly recurrentActivation?: string; readonly resetAfter?: boolean };

/** What `cpu({ gradients })` takes: the export `gradients` of this package. */
export interface CpuGradients {
  readonly recurrent: <S extends AnySpec>(kernel: Kernel<S>) => Differentiable<S>;
}

/**
 * Gradients of whole recurrences in one call, for training: `simpleRNN`, `lstm` and `gru`. Code of its own, so that a page
 * that only infers does not load it.
 *
 *     await useBackend(cpu({ gradients }));
 */
export const gradients: CpuGradients = {
  recurrent: ({ cell, name, space, operand, outputs }) => ({
    runForGradient(spec, inputs) {
      const { batch, time, units: u } = spec.dims;
      const columns = cell(spec).bias.length;
      const { kept, made } = saving(cell(spec), spec, inputs, space);
      return {
        outputs: outputs(spec, made),
        residuals: kept.map((data, i) => operand(data, [batch, time, i === 0 ? columns * u : u])),
      };
    },
    vjp(spec, inputs, made, residuals, grads, needs) {
      const back = backwardCells[name](slope(spec.activation), slope(spec.recurrentActivation ?? 'linear'), spec);
      const found = backward(back, cell(spec), spec, inputs, made, residuals, grads, needs, space);
      return found.map((data, i) => data && operand(data, inputs[i]!.shape));
    },
  }),
};

/** A run of the sequence whose equations write down what they are given. Steps that are masked stay zeros. */
function saving(cell: Cell, spec: RecurrentSpec, inputs: Inputs, space: Workspace): { kept: Data[]; made: Data[] } {
  const { batch, time, units: u } = spec.dims;
  const wide = cell.bias.length * u;
  const take = (n: number): Float32Array => space.arrays.take('float32', n).fill(0);
  const z = take(batch * time * wide);
  const c = cell.states === 2 ? take(batch * time * u) : null;
  const h = spec.returnSequences ? null : take(batch * time * u);
  let t = 0;
  let first = true;
  const phases = cell.phases.map((phase, i): Phase => {
    const { equation, into, from, to } = phase;
    if (equation === undefined) return phase;
    // The first equation meets every column, as far as it has come; a later one completes its own.
    const [begin, end] = first ? [0, cell.bias.length] : [into, into + to - from];
    first = false;
    const last = i === cell.phases.length - 1;
    return {
      ...phase,
      equation(now, at, w, _, hs, s, p) {
        const row = (p / u) * time + t;
        for (let g = begin; g < end; g++) copy(now, at + g * w, z, row * wide + g * u, u);
        equation(now, at, w, u, hs, s, p);
        if (!last) return;
        if (c !== null) copy(s, p, c, row * u, u);
        if (h !== null) copy(hs, p, h, row * u, u);
      },
    };
  });
  const made = sequence({ ...cell, phases }, spec, inputs, space, (step) => (t = step));
  return { kept: [z, c, h].filter((data) => data !== null), made };
}
