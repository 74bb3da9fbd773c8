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
  const made = operands(space, Array(cell.states).fill([batch, u]));
  copyStates(space, batch, u, at, made);
  return made;
}

/** Copies them into these; null is not wanted. */
export function copyStates(
  { kernels }: Space,
  batch: number,
  u: number,
  at: { readonly h: number; readonly c: number },
  to: Inputs,
): void {
  to.forEach((state, i) => {
    if (state) kernels.padRows(i === 0 ? at.h : at.c, padded(u) * 4, state.handle.offset, u * 4, batch, u, u);
  });
}

/** Fresh ones of these shapes, null for null: all of them, or none and an error. */
export function operands<S extends readonly (readonly number[] | null)[]>(
  { operand, free }: Space,
  shapes: S,
): { -readonly [I in keyof S]: S[I] extends null ? null : Operand<WasmBuffer> | Extract<S[I], null> } {
  const made: Maybe<WasmBuffer>[] = [];
  try {
    for (const shape of shapes) made.push(shape && operand(shape));
  } catch (error) {
    for (const x of made) if (x) free(x.handle);
    throw error;
  }
  return made as never;
}
