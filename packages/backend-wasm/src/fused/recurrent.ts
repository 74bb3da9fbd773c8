/** The three recurrent kernels: a whole sequence in one call of linear memory's code, there and back, or a stream. */
import type { FusedSession, Maybe, Operand } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { known } from './activations.js';
import { backward } from './backward.js';
import { describe, room, workOf } from './call.js';
import { cellOf, padded, type AnySpec, type Cell, type CellName } from './cells.js';
import { session } from './session.js';
import { copyStates, operands, setStates, type Inputs } from './states.js';
import { weightsOf } from './weights.js';

type X = Operand<WasmBuffer>;

export interface Recurrent {
  accepts(spec: AnySpec): true | string;
  run(spec: AnySpec, inputs: Inputs): X[];
  runForGradient(spec: AnySpec, inputs: Inputs): { outputs: X[]; residuals: X[] };
  vjp(
    spec: AnySpec,
    inputs: Inputs,
    outputs: readonly X[],
    residuals: readonly X[],
    grads: Inputs,
    needs: readonly boolean[],
  ): Maybe<WasmBuffer>[];
  open(spec: AnySpec, params: Inputs): FusedSession<WasmBuffer>;
}

/** Rows of the projection that make full tiles, and bytes of gates that stay in the second cache. */
const ROWS = 32;
const GATES = 524288;

export function recurrent(space: Space, name: CellName): Recurrent {
  return {
    accepts: (spec) => known(spec.activation, spec.recurrentActivation ?? 'linear'),
    run: (spec, inputs) => run(space, cellOf(name, spec), spec, inputs, false).outputs,
    runForGradient: (spec, inputs) => run(space, cellOf(name, spec), spec, inputs, true),
    vjp: (spec, inputs, _, residuals, grads, needs) =>
      backward(space, cellOf(name, spec), spec, inputs, residuals, grads, needs),
    open: (spec, params) => session(space, cellOf(name, spec), spec, params),
  };
}

/**
 * Keeping for the way back: all gates, after their activation where that tells the slope; h, and c, behind their initial
 * values; act(c), or what a GRU makes of h before or after its product with U_h. Rows of whole panels, [T, B, w] and so on.
 */
function run(space: Space, cell: Cell, spec: AnySpec, inputs: Inputs, keep: boolean) {
  const { heap } = space;
  const { batch, time, inputs: F, units: u } = spec.dims;
  const [x, kernel, recurrentKernel, bias, ...rest] = inputs;
  const mask = rest.at(-1);
  const w = padded(u);
  const gates = w * cell.gates.length;
  const perStep = Math.max(1, batch * gates * 4);
  const steps = Math.min(time, Math.max(Math.ceil(ROWS / Math.max(1, batch)), Math.floor(GATES / perStep)));
  const weights = weightsOf(space, cell, batch, F, u, kernel!.handle, recurrentKernel!.handle, bias?.handle ?? null);
  const at = room(space.scratch(room(0, cell, spec.dims, steps, !keep).size), cell, spec.dims, steps, !keep);

  const state = [batch, u];
  const lstm = cell.states === 2;
  const [y, h, c, Z, H, C, A] = operands(space, [
    spec.returnSequences ? [batch, time, u] : state,
    state,
    lstm ? state : null,
    keep ? [time, batch, gates] : null,
    keep ? [time + 1, batch, w] : null,
    keep && lstm ? [time + 1, batch, w] : null,
    keep && cell.number > 0 ? [time, batch, w] : null,
  ] as const);
  setStates(space, cell, batch, u, rest, at);
  const bytes = batch * w * 4;
  const behind = (kept: Maybe<WasmBuffer>, from: number): number => {
    if (!kept) return 0;
    heap.bytes.copyWithin(kept.handle.offset, from, from + bytes);
    return kept.handle.offset + bytes;
  };
  // One literal: an object put together from others is as slow as all of a short call's arithmetic.
  describe(heap, cell, spec, at.call, {
    h: at.h,
    c: at.c,
    t: at.t,
    begun: at.begun,
    frames: at.frames,
    z: Z ? Z.handle.offset : at.z,
    W: weights.W,
    U: weights.U,
    pairsU: Number(weights.pairsU),
    bias: weights.bias,
    x: x!.handle.offset,
    mask: mask ? mask.handle.offset : 0,
    y: y.handle.offset,
    steps,
    keepH: behind(H, at.h),
    keepC: behind(C, at.c),
    keepT: A ? A.handle.offset : 0,
  });
  space.run('recur', at.call, time, workOf(cell, spec));
  copyStates(space, batch, u, at, [h, c]);
  const there = (all: readonly Maybe<WasmBuffer>[]): X[] => all.filter((one) => one !== null);
  return { outputs: there([y, h, c]), residuals: there([Z, H, C, A]) };
}
