/**
 * Teacher forcing: the decoder is given what it should have said before, all steps at once. `rnn` with the alignments of
 * every step: they travel as more columns of the output.
 */
import { checkOptions, concat, scope, split, type Tensor, type Tree } from '@recurra/core';
import { rnn, type Cell, type Floats, type Segments } from '@recurra/cells';
import type { BoundAttentionCell } from './attention-cell.js';
import { checkedPart } from './checks.js';
import type { DecoderState } from './forms/form.js';

/** Options of `teacherForced`: those of `rnn`. */
export interface TeacherForcedOptions<S extends Tree> {
  /** [B, T], true where a step is valid; another step repeats the outputs before it and keeps the state. */
  readonly mask?: Tensor | null;
  /** Default: the cell's, with the alignments that the alignment starts from. */
  readonly initialState?: DecoderState<S>;
  /** Masked steps give 0, in the alignments too. Default false. */
  readonly zeroOutputForMask?: boolean;
  /** Whether the cell's dropout drops. Default false. */
  readonly training?: boolean;
  /** The calls that came before. Default 0. */
  readonly dropoutCounter?: number;
  /** `segments(32)`: a gradient computes what lies between segments of 32 steps again. Default: every step is kept. */
  readonly checkpoint?: Segments | null;
}

/** What `teacherForced` gives. */
export interface TeacherForced<S extends Tree> {
  /** [B, T, units] */
  readonly outputs: Floats;
  /** [B, T, Tk], where each step looked */
  readonly alignments: Floats;
  readonly state: DecoderState<S>;
}

/**
 *     const { outputs, alignments } = teacherForced(decoder.with(encoded, mask), params, x);
 *
 * @param x [B, T, F], the embedded tokens before each step
 * @throws as `rnn`
 */
export function teacherForced<P extends Tree, S extends Tree>(
  cell: BoundAttentionCell<P, S>,
  params: NoInfer<P>,
  x: Floats,
  options: TeacherForcedOptions<NoInfer<S>> = {},
): TeacherForced<S> {
  const op = 'teacherForced';
  checkedPart(op, 'cell', cell, 'prepare', 'decoder.with(memory, mask)');
  checkOptions(op, options, ['mask', 'initialState', 'zeroOutputForMask', 'training', 'dropoutCounter', 'checkpoint']);
  return scope(() => {
    const both = rnn(withAlignments(cell), params, x, { ...options, returnSequences: true });
    const [outputs, alignments] = split(both.outputs, [cell.units, cell.memoryLength], -1);
    return { outputs, alignments, state: both.state };
  });
}

/** The cell whose outputs are [y ; a]. */
function withAlignments<P extends Tree, S extends Tree>(cell: BoundAttentionCell<P, S>): Cell<P, DecoderState<S>> {
  return {
    ...cell,
    units: cell.units + cell.memoryLength,
    step(q, x, before) {
      const [y, state] = cell.step(q, x, before);
      return [concat([y, state.alignments], -1), state];
    },
  };
}
