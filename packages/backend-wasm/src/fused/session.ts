/** A recurrence for a stream: state and packed weights stay in linear memory, and a step allocates nothing. */
import type { FusedSession } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { describe, room, workOf } from './call.js';
import type { AnySpec, Cell } from './cells.js';
import { padded } from './cells.js';
import { setStates, states, type Inputs } from './states.js';
import { biasBytes, four, inPairs, packBias, packKernel, panelBytes } from './weights.js';

export function session(space: Space, cell: Cell, spec: AnySpec, params: Inputs): FusedSession<WasmBuffer> {
  const { heap, run } = space;
  const { batch, inputs: F, units: u } = spec.dims;
  const [, kernel, recurrentKernel, bias] = params;
  // One block of memory: weights, the call and its room, the frame, the output.
  const parts = [
    panelBytes(cell, four(F), u),
    panelBytes(cell, padded(u), u),
    Math.ceil(biasBytes(cell, u) / 16) * 16,
    room(0, cell, spec.dims, 1).size,
    Math.ceil((batch * F) / 4) * 16,
    batch * u * 4,
  ];
  let block = heap.alloc(parts.reduce((sum, n) => sum + n, 0));
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, n) => sum + n, block)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [W, U, row, from, x, y] = starts;
  const [pairsW, pairsU] = [inPairs(cell, batch, F, u), inPairs(cell, batch, u, u)];
  packKernel(space, cell, kernel!.handle.offset, F, four(F), u, W, pairsW);
  packKernel(space, cell, recurrentKernel!.handle.offset, u, padded(u), u, U, pairsU);
  packBias(space, cell, bias ? bias.handle.offset : null, u, row);
  const at = room(from, cell, spec.dims, 1);
  describe(heap, cell, spec, at.call, {
    ...at,
    W,
    U,
    bias: row,
    x,
    y,
    steps: 1,
    pairsW: Number(pairsW),
    pairsU: Number(pairsU),
  });
  setStates(space, cell, batch, u, params.slice(4), at);

  // Views of memory as it is: made again when it has grown.
  let floats: Float32Array | null = null;
  let made: Float32Array = new Float32Array(0);
  const frameAt = x / 4;
  const work = workOf(cell, spec);
  const alive = (): void => {
    if (block === 0) throw new Error('the session is closed');
  };
  return {
    step(frame, out) {
      alive();
      if (floats !== heap.floats) {
        floats = heap.floats;
        made = floats.subarray(y / 4, y / 4 + batch * u);
      }
      floats.set(frame, frameAt);
      run('recur', at.call, 1, work);
      out.set(made);
    },
    state() {
      alive();
      return states(space, cell, batch, u, at);
    },
    setState(given) {
      alive();
      setStates(space, cell, batch, u, given, at);
    },
    close() {
      if (block !== 0) heap.free(block);
      block = 0;
      floats = null;
      made = new Float32Array(0);
    },
  };
}
