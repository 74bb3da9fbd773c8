/**
 * A decoder with attention: a cell that looks at a memory at every step. Once it knows its memory it is a cell itself, so
 * `rnn`, `stackedRNNCells` and gradients work with it.
 *
 *     attentionCell(cell, score, form) ──with(memory, mask)──▶ a Cell
 *
 * The form says in which order (`bahdanau`, `luong`, `addonsWrapper`), the score how well query and memory fit, the
 * alignment how scores become weights. The memory is no parameter: it is the encoder's output of this batch, and gradients
 * flow into it as into any tensor. docs/adr/0004-the-memory-is-bound.md
 */
import { checkedCount, checkOptions, scope } from '@recurra/core';
import type { Backend, Tensor, Tree } from '@recurra/core';
import type { NoParams, Score } from '@recurra/attention';
import type { Cell, Floats } from '@recurra/cells';
import type { Alignment } from './alignments/alignment.js';
import { softmaxAlignment } from './alignments/softmax-alignment.js';
import { bound } from './bound-cell.js';
import { checkedPart } from './checks.js';
import type { DecoderState, Form } from './forms/form.js';
import { checkedMemory } from './memory.js';
import { freshParams, stateH, type Parts } from './parts.js';

/** Options of `attentionCell`. */
export interface AttentionCellOptions<S extends Tree, A extends Tree> {
  /** How scores become weights. Default `softmaxAlignment()`. */
  readonly alignment?: Alignment<A>;
  /** The part of the cell's state that asks, where the form asks before the step: [B, Dq]. Default: the state's `h`. */
  readonly query?: (state: S) => Floats;
}

/** The parameters of a decoder with attention. */
export type AttentionCellParams<P extends Tree, SP extends Tree, F extends Tree, A extends Tree> = {
  readonly cell: P;
  readonly score: SP;
  /** The form's own: W_c of `luong`, the attention layer of `addonsWrapper`. */
  readonly attention: F;
  readonly alignment: A;
};

/** A decoder that has no memory yet. */
export interface AttentionCell<P extends Tree, S extends Tree> {
  readonly name: string;
  /** Fresh parameters for inputs x of `inputs` features and a memory of `memory` features. */
  init(widths: { readonly inputs: number; readonly memory: number }, options?: { readonly backend?: Backend }): P;
  /**
   * The cell that looks at this memory [B, Tk, M]; mask [B, Tk] is true where the memory is not padding. The memory stays
   * the caller's.
   *
   * @throws ShapeError, DTypeError when memory and mask do not fit
   */
  with(memory: Floats, mask?: Tensor<'bool'> | null): BoundAttentionCell<P, S>;
}

/** A decoder with its memory: a cell. */
export interface BoundAttentionCell<P extends Tree, S extends Tree> extends Cell<P, DecoderState<S>> {
  /** B of the memory: x must have as many rows. */
  readonly batch: number;
  /** Tk, the positions of the memory. */
  readonly memoryLength: number;
  /**
   * The same cell with the memory's half of the score computed once and for all (otherwise: once per call of `rnn`), for
   * decoding with these parameters step by step. Outside of `valueAndGrad`.
   */
  prepare(params: P): PreparedAttentionCell<P, S>;
}

/** A decoder that holds prepared keys until it is disposed. */
export interface PreparedAttentionCell<P extends Tree, S extends Tree> extends BoundAttentionCell<P, S> {
  dispose(): void;
}

const name = 'attentionCell';

/**
 *     const decoder = attentionCell(lstmCell({ units: 64 }), generalScore(), luong({ units: 64 }));
 *     const params = decoder.init({ inputs: 12, memory: 32 });
 *     const { outputs, state } = rnn(decoder.with(encoded, mask), params, x, { returnSequences: true });
 *
 * The state is `{ cell, attention [B, A], alignments [B, Tk] }`; `teacherForced` hands out the alignments of all steps.
 *
 * @throws ArgumentError unless cell, score, form and alignment are what they must be
 */
export function attentionCell<
  P extends Tree,
  S extends Tree,
  SP extends Tree,
  F extends Tree,
  A extends Tree = NoParams,
>(
  cell: Cell<P, S>,
  score: Score<SP>,
  form: Form<F>,
  options: AttentionCellOptions<NoInfer<S>, A> = {},
): AttentionCell<AttentionCellParams<P, SP, F, A>, S> {
  checkedPart(name, 'cell', cell, 'step', 'lstmCell({ units: 64 })');
  checkedPart(name, 'score', score, 'attend', 'additiveScore({ units: 64 })');
  checkedPart(name, 'form', form, 'step', 'luong({ units: 64 })');
  checkOptions(name, options, ['alignment', 'query']);
  const alignment = (options.alignment ?? softmaxAlignment()) as Alignment<A>;
  checkedPart(name, 'alignment', alignment, 'attend', 'softmaxAlignment()');
  const queryOf = options.query ?? stateH;
  checkedPart(name, 'query', { query: queryOf }, 'query', '(state) => state.h');
  const parts: Parts<P, S, SP, F, A> = { cell, score, form, alignment, queryOf };
  return {
    name,
    init: (widths, given = {}) =>
      scope(() => {
        checkOptions(name, given, ['backend']);
        const hint = `init({ inputs: 12, memory: 32 }): the features of x and of the memory`;
        const { inputs, memory } = (widths ?? {}) as Readonly<Record<string, unknown>>;
        return freshParams(
          parts,
          checkedCount(name, 'inputs', inputs, hint),
          checkedCount(name, 'memory', memory, hint),
          given.backend,
        );
      }),
    with: (memory, mask) => bound(parts, checkedMemory(name, memory, mask)),
  };
}
