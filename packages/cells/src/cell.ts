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
import type { Backend, Tensor, Tree } from '@recurra/core';

export type Floats = Tensor<'float32'>;

export interface Cell<P extends Tree = Tree, S extends Tree = Tree, Q = unknown> {
  /** Keras's name in camelCase; errors name it. */
  readonly name: string;
  /** Features of the output. */
  readonly units: number;
  /** Fresh parameters for inputs of `inputs` features, in Keras's layout and gate order. */
  init(inputs: number, options?: { readonly backend?: Backend }): P;
  /** The state before the first step: zeros. */
  initialState(params: P, batch: number): S;
  /** Throws a ShapeError unless params take these inputs, and the state (when given) fits. */
  check(params: P, inputs: Inputs, state?: S): void;
  /** Once per sequence: whatever can be prepared from the parameters. */
  begin(params: P, inputs: Inputs): Q;
  /** The memoryless half of a step: x [B, F] or [B, T, F] → z. One matmul serves all of time. */
  project(q: Q, x: Floats): Floats;
  /** The other half: z [B, …] and the state → output [B, units] and the next state. */
  step(q: Q, z: Floats, state: S): readonly [output: Floats, state: S];
  /** A whole sequence in the backend's fused kernel; null where there is none that can. `rnn` asks. */
  fused?(params: P, x: Floats, state: S | undefined, how: SequenceOptions): RNNResult<S> | null;
}

/** The sizes of what a cell is given. */
export interface Inputs {
  readonly batch: number;
  /** F, the features of x. */
  readonly inputs: number;
}

/** How `rnn` was asked to run, all defaults filled in. */
export interface SequenceOptions {
  readonly mask: Tensor<'bool'> | null;
  readonly reverse: boolean;
  readonly returnSequences: boolean;
  readonly zeroOutputForMask: boolean;
}

export interface RNNResult<S> {
  /** [B, units], or [B, T, units] with `returnSequences`. */
  readonly outputs: Floats;
  /** The state after the last step that was not masked. */
  readonly state: S;
}

/** The parameters of the cells that follow Keras's layout. Without a bias the key is absent. */
export type CellParams = {
  /** [F, gates·units] */
  readonly kernel: Floats;
  /** [units, gates·units] */
  readonly recurrentKernel: Floats;
};
