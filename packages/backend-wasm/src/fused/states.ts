/** States between [B, u] of the contract and the rows of whole panels that the kernels read. */
import type { Maybe, Operand } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { padded, type Cell } from './cells.js';

/** x [B, T, F], kernel, recurrent kernel, bias, initial states, mask [B, T]. */
export type Inputs = readonly Maybe<WasmBuffer>[];

/** Copies [B, u] into rows of whole panels; null is zeros. */
export function setStates(
  { kernels, heap }: Space,
  cell: Cell,
  batch: number,
  u: number,
  from: Inputs,
  at: { readonly h: number; readonly c: number },
): void {
  const w = padded(u) * 4;
  for (let i = 0; i < cell.states; i++) {
    const to = i === 0 ? at.h : at.c;
    const state = from[i];
    if (state) kernels.padRows(state.handle.offset, u * 4, to, w, batch, u, padded(u));
    else heap.bytes.fill(0, to, to + batch * w);
  }
}

/** Copies of the states, [B, u]. */
export function states(
  space: Space,
  cell: Cell,
  batch: number,
  u: number,
  at: { readonly h: number; readonly c: number },
): Operand<WasmBuffer>[] {
  return [at.h, at.c].slice(0, cell.states).map((from) => {
    const state = space.operand([batch, u]);
    space.kernels.padRows(from, padded(u) * 4, state.handle.offset, u * 4, batch, u, u);
    return state;
  });
}
