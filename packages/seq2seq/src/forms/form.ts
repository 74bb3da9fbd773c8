/**
 * What a form of decoder is: when the attention looks, what it hands back to the cell, and what comes out.
 *
 *     a form never sees parameters of the cell or the score, only two functions:
 *     run(x, s) → (h, s′)      one step of the cell
 *     look(q, a′) → (c, a)     one look at the memory with the query q [B, Dq], after the alignments a′
 */
import type { Backend, Tree } from '@recurra/core';
import type { Floats } from '@recurra/cells';

/** The last axes a form works between. */
export interface FormWidths {
  /** M, the features of the memory. */
  readonly memory: number;
  /** u, the units of the cell. */
  readonly units: number;
}

/** What a form makes of these widths. */
export interface FormSizes {
  /** The width of the attention vector, which the state carries. */
  readonly attention: number;
  /** How many features the cell is given beside x. */
  readonly fed: number;
  /** The width of the decoder's output. */
  readonly output: number;
}

/** The state of a decoder with attention; S is the state of its cell. */
export type DecoderState<S extends Tree = Tree> = {
  readonly cell: S;
  /** What the last step attended to, [B, A]: a context, or what the form makes of it. */
  readonly attention: Floats;
  /** Where the last step looked, [B, Tk]. */
  readonly alignments: Floats;
};

/** What a form is given for one step. */
export interface FormParts<S extends Tree> {
  readonly run: (x: Floats, state: S) => readonly [output: Floats, state: S];
  readonly look: (query: Floats, previous: Floats) => readonly [context: Floats, alignments: Floats];
  /** The part of the cell's state that asks, [B, Dq]. */
  readonly queryOf: (state: S) => Floats;
}

/** A form with parameters `F`. */
export interface Form<F extends Tree = Tree> {
  readonly name: string;
  /** Whether the query is the cell's state before the step, or its output after it. */
  readonly query: 'state' | 'output';
  sizes(widths: FormWidths): FormSizes;
  init(widths: FormWidths, backend: Backend | undefined): F;
  /** Throws unless the parameters fit. */
  check(params: F, widths: FormWidths): void;
  /** One step in time: x [B, F] and the state → the output and the next state. */
  step<S extends Tree>(
    params: F,
    parts: FormParts<S>,
    x: Floats,
    state: DecoderState<S>,
  ): readonly [output: Floats, state: DecoderState<S>];
}
