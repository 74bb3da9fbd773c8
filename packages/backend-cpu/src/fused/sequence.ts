/**
 * A recurrence over a whole sequence: time, direction and mask. A masked step repeats the output before it, which is h,
 * or 0 as long as no step was valid.
 */
import type { RecurrentDims, RecurrentSpec } from '@recurra/core';
import type { Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { copy, recurrence, type Cell, type Inputs } from './recurrence.js';

/** Rows of the projection that are worked out at once. */
const ROWS = 64;

/** y and the last states. `at` is told the time of each step before it is taken. */
export function sequence(
  cell: Cell,
  spec: RecurrentSpec,
  inputs: Inputs,
  space: Workspace,
  at?: (t: number) => void,
): Data[] {
  const { dims, reverse, returnSequences, zeroOutputForMask } = spec;
  const { batch, time, units: u } = dims;
  const { arrays, packed, scratch } = space;
  const valid = inputs.at(-1)?.handle.data ?? null;
  const begun = valid && new Uint8Array(batch);
  const y = arrays.take('float32', batch * u * (returnSequences ? time : 1));
  if (valid !== null || time === 0) y.fill(0);

  const most = Math.min(time, Math.ceil(ROWS / Math.max(1, batch)));
  const { x, states, project, step } = recurrence(cell, dims, most, inputs, packed, scratch.doubles);
  for (let first = 0; first < time; first += most) {
    const steps = Math.min(most, time - first);
    load(inputs[0]!.handle.data, dims, first, steps, reverse, x);
    project(steps * batch);
    for (let i = 0; i < steps; i++) {
      const t = reverse ? time - 1 - first - i : first + i;
      at?.(t);
      step(i * batch, valid, time, t);
      const last = first + i === time - 1;
      for (let b = 0; b < batch; b++) {
        const now = valid === null || valid[b * time + t] !== 0;
        if (now && begun !== null) begun[b] = 1;
        if (!now && (zeroOutputForMask || begun![b] === 0)) continue;
        if (returnSequences || last) copy(states[0]!, b * u, y, (returnSequences ? b * time + t : b) * u, u);
      }
    }
  }
  return [y, ...handOut(states, batch * u, space)];
}

/** The states as buffers' arrays. */
export function handOut(states: readonly Float64Array[], n: number, { arrays }: Workspace): Data[] {
  return states.map((state) => {
    const data = arrays.take('float32', n);
    copy(state, 0, data, 0, n);
    return data;
  });
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
