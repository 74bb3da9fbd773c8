/**
 * A sequence read in both directions.
 *
 * →y = rnn(forward, x),  ←y = rnn(backward, x, reversed), both in input order, then merged:
 * concat [→y ; ←y],  sum →y + ←y,  mul →y ⊙ ←y,  ave (→y + ←y)/2,  null: both as they are
 *
 * Schuster & Paliwal 1997; keras.layers.Bidirectional
 *
 * With a mask and `returnSequences` masked steps are 0 in both halves. Without it each half is the output after its own
 * last valid step, which for the backward half is the first one.
 */
import { add, ArgumentError, checkedName, checkOptions, concat, mul, scope, ShapeError } from '@recurra/core';
import type { Tensor, Tree } from '@recurra/core';
import type { Cell, Floats, LastOutput, Outputs } from './cell.js';
import { rnn } from './rnn.js';
import type { Segments } from './segments.js';

/** A cell and its parameters. */
export type Layer<P extends Tree, S extends Tree> = readonly [cell: Cell<P, S>, params: NoInfer<P>];

/** The layer that reads forward and the one that reads backward. */
export interface Directions<P extends Tree, S extends Tree, P2 extends Tree, S2 extends Tree> {
  readonly forward: Layer<P, S>;
  readonly backward: Layer<P2, S2>;
}

/** How the halves of `bidirectional` become one; null leaves them two. */
export type MergeMode = 'concat' | 'sum' | 'mul' | 'ave' | null;

/** Options of `bidirectional`. */
export interface BidirectionalOptions<S, S2> {
  /** [B, T] (or [B, T, 1]), true where a step is valid. */
  readonly mask?: Tensor | null;
  /** The states before the first processed step of each direction. Default: zeros. */
  readonly initialState?: { readonly forward?: S; readonly backward?: S2 };
  /** Default 'concat'; null hands out both halves. */
  readonly mergeMode?: MergeMode;
  /** Every step's output in input order instead of the last processed one of each direction. Default false. */
  readonly returnSequences?: boolean;
  /** Whether the cells' dropout drops. Default false. */
  readonly training?: boolean;
  /** The calls of this layer that came before, see `rnn`. Default 0. */
  readonly dropoutCounter?: number;
  /** `segments(n)`: each direction keeps less for its gradients and computes it again, see `rnn`. Default null. */
  readonly checkpoint?: Segments | null;
}

/** What `bidirectional` gives; `Y` says which form its outputs have. */
export interface BidirectionalResult<S, S2, Y = Floats> {
  /** Merged: [B, …] or [B, T, …]; with `mergeMode: null` the pair of both directions. */
  readonly outputs: Y;
  readonly state: { readonly forward: S; readonly backward: S2 };
}

type Sequences = { readonly returnSequences: true };
type Last = { readonly returnSequences?: false };
type Merged = { readonly mergeMode?: Exclude<MergeMode, null> };
type Unmerged = { readonly mergeMode: null };

/**
 *     const [there, back] = [lstmCell({ units: 64 }), lstmCell({ units: 64 })];
 *     const layer = { forward: [there, there.init(12)], backward: [back, back.init(12)] } as const;
 *     const { outputs, state } = bidirectional(layer, x, { mask, returnSequences: true });
 *
 * Two cells, as `init` of one cell gives the same weights each time: its initializers drew their seeds when it was made.
 *
 * @param x [B, T, F], float32, T ≥ 1
 * @throws ArgumentError, ShapeError, DTypeError as `rnn`; ShapeError where the halves cannot be merged
 */
export function bidirectional<P extends Tree, S extends Tree, P2 extends Tree, S2 extends Tree>(
  directions: Directions<P, S, P2, S2>,
  x: Floats,
  options: BidirectionalOptions<NoInfer<S>, NoInfer<S2>> & Sequences & Unmerged,
): BidirectionalResult<S, S2, readonly [forward: Outputs, backward: Outputs]>;
export function bidirectional<P extends Tree, S extends Tree, P2 extends Tree, S2 extends Tree>(
  directions: Directions<P, S, P2, S2>,
  x: Floats,
  options: BidirectionalOptions<NoInfer<S>, NoInfer<S2>> & Last & Unmerged,
): BidirectionalResult<S, S2, readonly [forward: LastOutput, backward: LastOutput]>;
export function bidirectional<P extends Tree, S extends Tree, P2 extends Tree, S2 extends Tree>(
  directions: Directions<P, S, P2, S2>,
  x: Floats,
  options: BidirectionalOptions<NoInfer<S>, NoInfer<S2>> & Sequences & Merged,
): BidirectionalResult<S, S2, Outputs>;
export function bidirectional<P extends Tree, S extends Tree, P2 extends Tree, S2 extends Tree>(
  directions: Directions<P, S, P2, S2>,
  x: Floats,
  options?: BidirectionalOptions<NoInfer<S>, NoInfer<S2>> & Last & Merged,
): BidirectionalResult<S, S2, LastOutput>;
export function bidirectional<P extends Tree, S extends Tree, P2 extends Tree, S2 extends Tree>(
  directions: Directions<P, S, P2, S2>,
  x: Floats,
  options?: BidirectionalOptions<NoInfer<S>, NoInfer<S2>>,
): BidirectionalResult<S, S2, Floats | readonly [forward: Floats, backward: Floats]>;
export function bidirectional<P extends Tree, S extends Tree, P2 extends Tree, S2 extends Tree>(
  directions: Directions<P, S, P2, S2>,
  x: Floats,
  options: BidirectionalOptions<S, S2> = {},
): BidirectionalResult<S, S2, Floats | readonly [forward: Floats, backward: Floats]> {
  checkOptions(name, options, known);
  const { mergeMode: given, initialState = {}, ...shared } = options;
  const mergeMode = given === null ? null : checkedName(name, 'mergeMode', given ?? 'concat', modes);
  checkOptions(name, directions, ['forward', 'backward']);
  checkOptions(name, initialState, ['forward', 'backward']);
  return scope(() => {
    const run = <A extends Tree, B extends Tree>(way: 'forward' | 'backward', layer: Layer<A, B>, state?: B) => {
      const [cell, params] = checkedLayer(way, layer);
      return rnn<A, B, boolean>(cell, params, x, {
        ...shared,
        ...(state !== undefined && { initialState: state }),
        reverse: way === 'backward',
        zeroOutputForMask: options.returnSequences ?? false,
      });
    };
    const forward = run('forward', directions.forward, initialState.forward);
    const backward = run('backward', directions.backward, initialState.backward);
    return {
      outputs: mergeMode === null ? [forward.outputs, backward.outputs] : merged(mergeMode, forward, backward),
      state: { forward: forward.state, backward: backward.state },
    };
  });
}

const name = 'bidirectional';
const modes = ['concat', 'sum', 'mul', 'ave'] as const;
const known = ['mask', 'initialState', 'mergeMode', 'returnSequences', 'training', 'dropoutCounter', 'checkpoint'];

function merged(
  mode: (typeof modes)[number],
  { outputs: a }: { outputs: Floats },
  { outputs: b }: { outputs: Floats },
): Floats {
  if (mode === 'concat') return concat([a, b], -1);
  if (a.shape.at(-1) !== b.shape.at(-1)) {
    const facts = { forward: a.shape, backward: b.shape };
    throw new ShapeError(name, `'${mode}' needs cells of equal units`, facts, "mergeMode: 'concat' takes any");
  }
  if (mode === 'mul') return mul(a, b);
  return mode === 'sum' ? add(a, b) : mul(add(a, b), 0.5);
}

function checkedLayer<P extends Tree, S extends Tree>(way: string, layer: Layer<P, S>): Layer<P, S> {
  if (Array.isArray(layer) && layer.length === 2) return layer;
  throw new ArgumentError(
    name,
    `${way} must be a pair of a cell and its parameters`,
    { [way]: layer },
    `{ ${way}: [cell, params] }`,
  );
}
