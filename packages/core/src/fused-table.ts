/**
 * The contracts of fused kernels: whole recurrences, softmax, attention in one call. A backend brings those it can do
 * and is asked by `accepts`, never tried and caught; a test of the suite proves that each equals the composed path.
 */
import type { Operand } from './types.js';

/** An operand that may be absent. */
export type Maybe<H extends object> = Operand<H> | null;

/** `S` says what to compute, `I` are the inputs in a fixed order, absent ones `null`. */
export interface FusedKernel<S, I extends readonly Maybe<H>[], H extends object> {
  /** Pure: looks at the spec, never at data. The string is the reason why not, for people. */
  accepts(spec: S): true | string;
  run(spec: S, inputs: I): Operand<H>[];
  /** While a tape records: the same outputs, and what `vjp` will need. The tape owns the residuals. */
  runForGradient?(spec: S, inputs: I): { outputs: Operand<H>[]; residuals: Operand<H>[] };
  /**
   * One gradient for each input, in their order; null where the input is absent or has none. `needs` says of each input
   * whether its gradient will be used: of the others a kernel may give null. One that does not look gives them all.
   */
  vjp?(
    spec: S,
    inputs: I,
    outputs: readonly Operand<H>[],
    residuals: readonly Operand<H>[],
    grads: readonly Maybe<H>[],
    needs: readonly boolean[],
  ): Maybe<H>[];
  /**
   * A session for streams: weights packed, state kept on the device, nothing allocated per step. The spec is that of one
   * step: its time is 1, its switches are false. `params` are read while this runs; their handles may be freed after it.
   */
  open?(spec: S, params: SessionInputs<I>): FusedSession<H>;
}

/** The inputs of a kernel with null for those that come step by step: x, the first, and mask, the last. */
export type SessionInputs<I extends readonly unknown[]> = I extends readonly [unknown, ...infer Kept, unknown]
  ? readonly [x: null, ...kept: Kept, mask: null]
  : never;

/** Holds device memory of its own, which `live` does not count, until `close`; core calls nothing after that. */
export interface FusedSession<H extends object> {
  /**
   * One time step, with the numbers of `run`: reads a frame [B, F], writes the output [B, u]. Either kind of array at any
   * precision; `frame` and `out` may be one array. Without `readSync` there can be no session.
   */
  step(frame: Float32Array | Float64Array, out: Float32Array | Float64Array): void;
  /** Copies of the states now, in the order of the inputs; the caller's. */
  state(): Operand<H>[];
  /** Copies these; null is zeros. */
  setState(states: readonly Maybe<H>[]): void;
  close(): void;
}

/** The sizes of a recurrent kernel: B, T, F and u. */
export interface RecurrentDims {
  readonly batch: number;
  readonly time: number;
  readonly inputs: number;
  readonly units: number;
}

/** What the recurrent kernels have in common. Outputs are in input order, whatever `reverse`. */
export interface RecurrentSpec {
  readonly dims: RecurrentDims;
  /** Keras's name in camelCase, such as 'tanh' or 'hardSigmoid'; a function as an activation composes. */
  readonly activation: string;
  readonly reverse: boolean;
  readonly returnSequences: boolean;
  readonly zeroOutputForMask: boolean;
}
/** What a fused `simpleRNN` is asked to do. */
export type SimpleRNNSpec = RecurrentSpec;
/** What a fused `lstm` is asked to do. */
export interface LSTMSpec extends RecurrentSpec {
  readonly recurrentActivation: string;
}
/** What a fused `gru` is asked to do; `resetAfter` as in `gruCell`. */
export interface GRUSpec extends LSTMSpec {
  readonly resetAfter: boolean;
}

/** [B,T,F] · [F,u] · [u,u] · [u] · [B,u] · bool [B,T] → y [B,T,u] or [B,u], h [B,u] */
export type SimpleRNNInputs<H extends object> = readonly [
  x: Operand<H>,
  kernel: Operand<H>,
  recurrentKernel: Operand<H>,
  bias: Maybe<H>,
  h0: Maybe<H>,
  mask: Maybe<H>,
];
/** [B,T,F] · [F,4u] · [u,4u] · [4u] · [B,u] · [B,u] · bool [B,T] → y, h, c; gates i, f, c, o */
export type LSTMInputs<H extends object> = readonly [
  x: Operand<H>,
  kernel: Operand<H>,
  recurrentKernel: Operand<H>,
  bias: Maybe<H>,
  h0: Maybe<H>,
  c0: Maybe<H>,
  mask: Maybe<H>,
];
/** [B,T,F] · [F,3u] · [u,3u] · [2,3u] (reset after) or [3u] · [B,u] · bool [B,T] → y, h; gates z, r, h */
export type GRUInputs<H extends object> = SimpleRNNInputs<H>;

/** What a fused `softmax` is asked to do: over the last axis of x of this shape. */
export interface SoftmaxSpec {
  readonly shape: readonly number[];
}
/** What a fused `layerNorm` is asked to do: over the last axis of x of this shape. */
export interface LayerNormSpec {
  readonly shape: readonly number[];
  readonly epsilon: number;
}
/** What a fused `linear` is asked to do: activation(x·kernel + bias), x [rows, inputs]. */
export interface LinearSpec {
  readonly rows: number;
  readonly inputs: number;
  readonly units: number;
  readonly activation: string;
}
/** What a fused `attention` is asked to do; `width` is D, `values` is V. */
export interface AttentionSpec {
  readonly score: 'scaledDot' | 'additive';
  readonly scale: number;
  readonly causal: boolean;
  readonly dims: { batch: number; queries: number; keys: number; width: number; values: number };
}
/** query [B,Tq,D] · keys [B,Tk,D] · values [B,Tk,V] · v [D] (additive) · bool mask [B,Tq,Tk] → context, weights */
export type AttentionInputs<H extends object> = readonly [
  query: Operand<H>,
  keys: Operand<H>,
  values: Operand<H>,
  v: Maybe<H>,
  mask: Maybe<H>,
];

/** Open to declaration merging: a package may add a kernel of its own and ask for it. */
export interface FusedTable<H extends object> {
  simpleRNN: FusedKernel<SimpleRNNSpec, SimpleRNNInputs<H>, H>;
  lstm: FusedKernel<LSTMSpec, LSTMInputs<H>, H>;
  gru: FusedKernel<GRUSpec, GRUInputs<H>, H>;
  /** Over the last axis. */
  softmax: FusedKernel<SoftmaxSpec, readonly [x: Operand<H>], H>;
  layerNorm: FusedKernel<LayerNormSpec, readonly [x: Operand<H>, scale: Maybe<H>, offset: Maybe<H>], H>;
  linear: FusedKernel<LinearSpec, readonly [x: Operand<H>, kernel: Operand<H>, bias: Maybe<H>], H>;
  attention: FusedKernel<AttentionSpec, AttentionInputs<H>, H>;
}

/** The names of fused kernels. */
export type FusedName = keyof FusedTable<object>;
/** The fused kernels that a backend brings: any of them, or none. */
export type FusedKernels<H extends object> = { readonly [N in FusedName]?: FusedTable<H>[N] };
/** The spec of a fused kernel by its name. */
export type FusedSpecOf<N extends FusedName> = Parameters<FusedTable<object>[N]['accepts']>[0];
