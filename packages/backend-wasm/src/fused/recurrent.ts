/** The three recurrent kernels: a whole sequence in one call of linear memory's code, or a stream. */
import type { FusedSession, Operand } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { known } from './activations.js';
import { describe, room } from './call.js';
import { cellOf, padded, type AnySpec, type Cell, type CellName } from './cells.js';
import { session } from './session.js';
import { setStates, states, type Inputs } from './states.js';
import { weightsOf } from './weights.js';

export interface Recurrent {
  accepts(spec: AnySpec): true | string;
  run(spec: AnySpec, inputs: Inputs): Operand<WasmBuffer>[];
  open(spec: AnySpec, params: Inputs): FusedSession<WasmBuffer>;
}

/** Rows of the projection that make full tiles, and bytes of gates that stay in the second cache. */
const ROWS = 32;
const GATES = 524288;

export function recurrent(space: Space, name: CellName): Recurrent {
  return {
    accepts: (spec) => known(spec.activation, spec.recurrentActivation ?? 'linear'),
    run: (spec, inputs) => run(space, cellOf(name, spec), spec, inputs),
    open: (spec, params) => session(space, cellOf(name, spec), spec, params),
  };
}

function run(space: Space, cell: Cell, spec: AnySpec, inputs: Inputs): Operand<WasmBuffer>[] {
  const { kernels, heap } = space;
  const { batch, time, inputs: F, units: u } = spec.dims;
  const [x, kernel, recurrentKernel, bias, ...rest] = inputs;
  const mask = rest.at(-1);
  const perStep = Math.max(1, batch * padded(u) * 4 * cell.gates.length);
  const steps = Math.min(time, Math.max(Math.ceil(ROWS / Math.max(1, batch)), Math.floor(GATES / perStep)));
  const weights = weightsOf(space, cell, F, u, kernel!.handle, recurrentKernel!.handle, bias?.handle ?? null);
  const size = room(0, cell, spec.dims, steps).size;
  const at = room(space.scratch(size), cell, spec.dims, steps);
  const y = space.operand(spec.returnSequences ? [batch, time, u] : [batch, u]);
  setStates(space, cell, batch, u, rest, at);
  describe(heap, cell, spec, at, weights, {
    x: x!.handle.offset,
    mask: mask ? mask.handle.offset : 0,
    y: y.handle.offset,
    steps,
  });
  kernels.recur(at.call);
  return [y, ...states(space, cell, batch, u, at)];
}
