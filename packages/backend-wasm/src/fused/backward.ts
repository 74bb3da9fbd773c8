/** The way back of a recurrence: one call, from what the way there kept, for the gradients that are wanted. */
import type { Maybe, Operand } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { bytesOfCall, describe, lay, workOf } from './call.js';
import { padded, type AnySpec, type Cell } from './cells.js';
import { copyStates, operands, setStates, type Inputs } from './states.js';
import { four, transposed } from './weights.js';

/** Rows that assembly/gemm.ts sums before they meet the rest. */
const BLOCK = 64;

export function backward(
  space: Space,
  cell: Cell,
  spec: AnySpec,
  inputs: Inputs,
  residuals: readonly Operand<WasmBuffer>[],
  grads: Inputs,
  needs: readonly boolean[],
): Maybe<WasmBuffer>[] {
  const { kernels, heap } = space;
  const { batch, time, inputs: F, units: u } = spec.dims;
  const [x, kernel, recurrentKernel, bias, ...rest] = inputs;
  const mask = rest.pop();
  const w = padded(u);
  const gru = cell.number >= 2;
  const [Z, H, second, third] = residuals;
  const [C, A] = gru ? [undefined, second] : [second, third];

  const order = cell.gates.map((_, i) => i);
  const groups = gru ? [[0, 1], [2]] : [order];
  const W = needs[0] ? transposed(space, cell, kernel!.handle, F, u, [cell.gates]) : 0;
  const U = transposed(
    space,
    cell,
    recurrentKernel!.handle,
    u,
    u,
    groups.map((group) => group.map((i) => cell.gates[i]!)),
  );
  const state = batch * w * 4;
  const wide = cell.gates.length * w * 4;
  const columns = cell.bias.length * w * 4;
  const sizes = {
    call: bytesOfCall(),
    h: state,
    c: state,
    t: batch * wide + state,
    repeated: state,
    dZ: time * batch * wide,
    dR: cell.number === 3 ? time * state : 0,
    panels: BLOCK * columns,
    frames: time * batch * padded(F) * 4,
    dW: four(F) * wide,
    dU: w * wide,
    db: columns,
  };
  const at = lay(space.scratch(lay(0, sizes).size), sizes);
  const made = operands(
    space,
    inputs.map((input, i) => (input && needs[i] && input.dtype === 'float32' ? input.shape : null)),
  );
  const [dx, dW, dU, db, ...first] = made;

  heap.bytes.fill(0, at.repeated, at.repeated + state);
  for (const name of ['dW', 'dU', 'db'] as const) heap.bytes.fill(0, at[name], at[name] + sizes[name]);
  setStates(space, cell, batch, u, grads.slice(1), at);
  if (gru) heap.bytes.fill(0, at.c, at.c + state);
  describe(heap, cell, spec, at.call, {
    ...at,
    x: x!.handle.offset,
    mask: mask ? mask.handle.offset : 0,
    W,
    U,
    y: grads[0] ? grads[0].handle.offset : 0,
    z: Z!.handle.offset,
    keepH: H!.handle.offset + state,
    keepC: C ? C.handle.offset + state : 0,
    keepT: A ? A.handle.offset : 0,
    dx: dx ? dx.handle.offset : 0,
    dW: dW ? at.dW : 0,
    dU: dU ? at.dU : 0,
    db: db ? at.db : 0,
  });
  space.run('recurBack', at.call, time, workOf(cell, spec));

  // From rows of w for a gate, in the order of the panels, to Keras's.
  const n = cell.gates.length * u * 4;
  cell.gates.forEach((gate, i) => {
    const to = gate * u * 4;
    if (dW) kernels.padRows(at.dW + i * w * 4, wide, dW.handle.offset + to, n, F, u, u);
    if (dU) kernels.padRows(at.dU + i * w * 4, wide, dU.handle.offset + to, n, u, u, u);
  });
  if (db && bias) {
    cell.bias.forEach((summed, i) => {
      for (const gate of summed) kernels.padRows(at.db + i * w * 4, 0, db.handle.offset + gate * u * 4, 0, 1, u, u);
    });
  }
  copyStates(space, batch, u, at, first);
  return made;
}
