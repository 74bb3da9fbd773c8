/**
 * What a recurrent cell is.
 *
 *     params ──begin──▶ q      xₜ ──project(q)──▶ zₜ ──┐
 *                                                       ├─step(q)─▶ (yₜ, stateₜ)
 *                                        stateₜ₋₁ ──────┘
 *
 * A cell knows one step; `rnn` alone knows time, direction and padding. All functions are pure, parameters and states
 * are plain trees of tensors.
 */
import type { Backend, openFused, Tensor, Tree } from '@recurra/core';
import type { Segments } from './segments.js';

export type Floats = Tensor<'float32'>;
export type OpenFused = typeof openFused;

/** A recurrent cell: its parameters `P`, its state `S`, and one step in time. `rnn` runs it over a sequence. */
export interface Cell<P extends Tree = Tree, S extends Tree = Tree, Q = unknown> {
  /** Keras's name in camelCase; errors name it. */
  readonly name: string;
  /** Features of the output. */
  readonly units: number;
  /**
   * Dropout masks that one call draws, in training or not: after n calls, Keras's generator of this cell stands at
   * n · draws.
   */
  readonly draws: number;
  /** Fresh parameters for inputs of `inputs` features, in Keras's layout and gate order. */
  init(inputs: number, options?: { readonly backend?: Backend }): P;
  /** F, the features of x that these parameters take. */
  inputs(params: P): number;
  /** The state before the first step: zeros. */
  initialState(params: P, batch: number): S;
  /** Throws a ShapeError unless params take these inputs, and the state (when given) fits. */
  check(params: P, inputs: Inputs, state?: S): void;
  /** Once per sequence: gate slices, bias rows, dropout masks. */
  begin(params: P, call: Call): Q;
  /** The memoryless half of a step: x [B, F] or [B, T, F] → z. One matmul serves all of time. */
  project(q: Q, x: Floats): Floats;
  /** The other half: z [B, …] and the state → output [B, units] and the next state. */
  step(q: Q, z: Floats, state: S): readonly [output: Floats, state: S];
  /**
   * Whether a part of a sequence, from the state before it, gives what it gives within the whole: so it is unless random
   * masks differ from step to step. Then `checkpoint` has whole calls of the cell as segments, else their steps alone.
   */
  readonly piecewise?: true;
  /**
   * A whole sequence at once, where the cell knows a shorter way than step by step: a fused kernel, or layer after
   * layer. Null where there is none for this call. `rnn` asks.
   */
  sequence?(params: P, x: Floats, state: S | undefined, how: SequenceOptions): RNNResult<S> | null;
  /**
   * A session for streams in the backend's fused kernel; null where there is none. `stream` asks, and brings core's
   * `openFused`: who does not stream need not load it.
   */
  open?(params: P, batch: number, openFused: OpenFused): CellSession<S> | null;
}

/** The sizes of what a cell is given. */
export interface Inputs {
  readonly batch: number;
  /** F, the features of x. */
  readonly inputs: number;
}

/** One call of a cell over a sequence. */
export interface Call extends Inputs {
  /** In training, the calls that came before this one: the dropout masks follow from it. Else null: no dropout. */
  readonly dropoutCounter: number | null;
}

/** How `rnn` was asked to run, all defaults filled in. */
export interface SequenceOptions {
  readonly mask: Tensor<'bool'> | null;
  readonly reverse: boolean;
  readonly returnSequences: boolean;
  readonly zeroOutputForMask: boolean;
  /** See `Call`. */
  readonly dropoutCounter: number | null;
  /** Segments that are computed again on the way back; null remembers every step. */
  readonly checkpoint: Segments | null;
}

/** What `rnn` gives; `Y` says which of the two shapes its outputs have. */
export interface RNNResult<S, Y extends Floats = Floats> {
  /** [B, units], or [B, T, units] with `returnSequences`. */
  readonly outputs: Y;
  /** The state after the last step that was not masked. */
  readonly state: S;
}

/** Outputs of the last step. */
export type LastOutput = Floats & { readonly shape: readonly [batch: number, units: number] };
/** Outputs of all steps. */
export type Outputs = Floats & { readonly shape: readonly [batch: number, time: number, units: number] };

/** The outputs by `returnSequences`. */
export type OutputsOf<All extends boolean> = boolean extends All ? Floats : All extends true ? Outputs : LastOutput;

/** A stream's steps inside a fused kernel: nothing is allocated per step. */
export interface CellSession<S> {
  /** Reads a frame [B, F], row after row, and writes the output [B, units]. */
  step(frame: Float32Array, out: Float32Array): void;
  /** A copy of the state now; the caller's. */
  state(): S;
  /** Without a state: the initial one. */
  setState(state?: S): void;
  close(): void;
}

/** Tells parameters of cells apart that have the same names: only for the types, it never exists. */
declare const cellOf: unique symbol;
export type ParamsOf<N extends string> = { readonly [cellOf]?: N };

/** The parameters of the cells that follow Keras's layout. Without a bias the key is absent. */
export type CellParams = {
  /** [F, gates·units] */
  readonly kernel: Floats;
  /** [units, gates·units] */
  readonly recurrentKernel: Floats;
};
