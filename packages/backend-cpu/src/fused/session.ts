/** A recurrence for a stream: its memory is its own, and it goes one step at a time, without a new object. */
import type { FusedSession, Operand, RecurrentSpec } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { copy, recurrence, type Cell, type Inputs, type Recurrence } from './recurrence.js';
import { handOut } from './sequence.js';

export function session(
  cell: Cell,
  { dims }: RecurrentSpec,
  params: Inputs,
  space: Workspace,
  operand: (data: Data, shape: readonly number[]) => Operand<CpuBuffer>,
): FusedSession<CpuBuffer> {
  const { batch, inputs, units } = dims;
  let open: Recurrence | null = recurrence(cell, dims, 1, params, space.packed, (_, n) => new Float64Array(n));
  const alive = (): Recurrence => {
    if (open === null) throw new Error('the session is closed');
    return open;
  };
  return {
    step(frame, out) {
      const { x, states, project, step } = alive();
      for (let i = 0; i < batch * inputs; i++) x[i] = frame[i]!;
      project(batch);
      step(0, null, 0, 0);
      copy(states[0]!, 0, out, 0, batch * units);
    },
    state: () => handOut(alive().states, batch * units, space).map((data) => operand(data, [batch, units])),
    setState: (states) => alive().begin(states),
    close: () => void (open = null),
  };
}
