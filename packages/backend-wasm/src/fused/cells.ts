/** What the host knows of the three cells: their gates, and where Keras has them. */
import type { RecurrentSpec } from '@recurra/core';

export interface Cell {
  /** As assembly/call.ts numbers them. */
  readonly number: number;
  /** For each gate in the order of the panels, its place in Keras's kernels. */
  readonly gates: readonly number[];
  /** Which gates of the bias are summed at the start of each gate, and of what follows the gates in that row. */
  readonly bias: readonly (readonly number[])[];
  /** What is handed out: h, or h and c. */
  readonly states: 1 | 2;
}

/** The spec of any of the three. */
export type AnySpec = RecurrentSpec & { readonly recurrentActivation?: string; readonly resetAfter?: boolean };

const cells = {
  simpleRNN: { number: 0, gates: [0], bias: [[0]], states: 1 },
  // The three gates of one activation lie side by side: i f o g.
  lstm: { number: 1, gates: [0, 1, 3, 2], bias: [[0], [1], [3], [2]], states: 2 },
  gru: { number: 2, gates: [0, 1, 2], bias: [[0], [1], [2]], states: 1 },
} as const satisfies Record<string, Cell>;
const gruResetAfter: Cell = { number: 3, gates: [0, 1, 2], bias: [[0, 3], [1, 4], [2], [5]], states: 1 };

export type CellName = keyof typeof cells;

export function cellOf(name: CellName, { resetAfter }: AnySpec): Cell {
  return name === 'gru' && resetAfter ? gruResetAfter : cells[name];
}

/** The length that fills whole panels. */
export const padded = (n: number): number => Math.ceil(n / 8) * 8;
