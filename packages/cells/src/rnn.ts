/**
 * The one driver: time, direction and padding live here and nowhere else.
 *
 * A masked step repeats the output of the step before it (0 before the first valid one, whatever the initial state)
 * and keeps every part of the state. With `zeroOutputForMask` its output is 0 instead.
 *
 * Source: keras.layers.RNN, Keras 3.15.
 */
import { discard, leaves, newestId, reshape, scope, split, stack, unstack, where, zeros } from '@recurra/core';
import type { Tensor, Tree } from '@recurra/core';
import type { Cell, Floats, OutputsOf, RNNResult, SequenceOptions } from './cell.js';
import { checkCell, checkedMask, checkedSequence, checkedSwitches } from './checks.js';
import { mapTrees } from './map-trees.js';
import type { Segments, Steps } from './segments.js';

/** Options of `rnn`. */
export interface RNNOptions<S, All extends boolean = boolean> {
  /** [B, T] (or [B, T, 1]), true where a step is valid; numbers count as valid unless 0. */
  readonly mask?: Tensor | null;
  /** The state before the first processed step. Default: the cell's, zeros. */
  readonly initialState?: S;
  /** Process time from its end. Outputs stay in input order (Keras's go_backwards hands them out flipped). */
  readonly reverse?: boolean;
  /** Hand out every step's output, [B, T, units]; else the last processed one's, [B, units]. Default false. */
  readonly returnSequences?: All;
  /** Masked steps give 0 instead of repeating the output before them. Default false. */
  readonly zeroOutputForMask?: boolean;
  /** Whether the cell's dropout drops. Default false. */
  readonly training?: boolean;
  /**
   * The calls of this cell that came before, in training or not: each has dropout masks of its own, and the same count
   * gives the same masks. Add 1 per call for Keras's sequence. Default 0.
   */
  readonly dropoutCounter?: number;
  /**
   * `segments(32)`: a gradient remembers what lies between segments of 32 steps and computes each again on the way back.
   * Memory for about a forward pass more of time, with the same gradients and dropout masks. Default: every step is kept.
   */
  readonly checkpoint?: Segments | null;
}

/**
 * Runs a cell over a sequence.
 *
 *     const cell = lstmCell({ units: 64 });
 *     const params = cell.init(12);
 *     const { outputs, state } = rnn(cell, params, x, { mask, returnSequences: true });
 *
 * @param x [B, T, F], float32, T ≥ 1
 * @returns outputs [B, units] or [B, T, units]; the state after the last valid step
 * @throws ShapeError, DTypeError, BackendError when x, mask, params or state do not fit each other
 */
export function rnn<P extends Tree, S extends Tree, All extends boolean = false>(
  cell: Cell<P, S>,
  params: NoInfer<P>,
  x: Floats,
  options: RNNOptions<NoInfer<S>, All> = {},
): RNNResult<S, OutputsOf<All>> {
  checkCell('rnn', cell);
  return scope(() => {
    const switches = checkedSwitches('rnn', options);
    const { batch, inputs, time } = checkedSequence('rnn', x);
    const mask = options.mask == null ? null : checkedMask('rnn', options.mask, batch, time);
    cell.check(params, { batch, inputs }, options.initialState);
    const checkpoint = switches.checkpoint && switches.checkpoint.length < time ? switches.checkpoint : null;
    const how = { ...switches, mask, checkpoint };
    const newest = newestId();
    const { outputs, state } = sequence(cell, params, x, options.initialState, how) as RNNResult<S, OutputsOf<All>>;
    // A cell may hand on a part of the state that it was given, or a parameter: the result is the caller's to free.
    return { outputs, state: mapTrees(state, state, (s) => (s.id > newest ? s : reshape(s, s.shape))) };
  });
}

/** A checked call: the cell's own way where it has one, else step by step. */
export function sequence<P extends Tree, S extends Tree>(
  cell: Cell<P, S>,
  params: P,
  x: Floats,
  initial: S | undefined,
  how: SequenceOptions,
): RNNResult<S> {
  if (cell.piecewise && how.checkpoint !== null) {
    const whole = { ...how, checkpoint: null };
    return how.checkpoint.sequence(params, x, initial, how, (p, part, state, mask) =>
      sequence(cell, p, part, state, { ...whole, mask }),
    );
  }
  return (
    cell.sequence?.(params, x, initial, how) ??
    compose(cell, params, x, initial ?? cell.initialState(params, x.shape[0]!), how)
  );
}

/** Step by step, made of ops: what every backend can do, and what fused kernels are measured against. */
function compose<P extends Tree, S extends Tree>(
  cell: Cell<P, S>,
  params: P,
  x: Floats,
  initial: S,
  how: SequenceOptions,
): RNNResult<S> {
  const { mask, reverse, returnSequences, dropoutCounter } = how;
  const [batch, time, inputs] = x.shape as [number, number, number];
  const call = { batch, inputs, dropoutCounter };
  const q = cell.begin(params, call);
  // Cut up at once: the gradient of that is one stack, where a slice for each step would bring a gradient as large as z.
  const z = unstack(cell.project(q, mask === null ? x : unmasked(x, mask)), 1);
  const valids = mask && split(mask, time, 1);
  if (reverse) {
    z.reverse();
    valids?.reverse();
  }
  const begun: Steps<S> = { outputs: [], previous: null, state: initial };
  // What `begin` made is made again in a segment: a tape keeps tensors that it is shown, and q may hide some in functions.
  const { outputs, state } = how.checkpoint
    ? how.checkpoint.steps(how.checkpoint.length, params, z, valids, begun, (p, Z, valid, before) =>
        steps(cell, cell.begin(p, call), Z, valid, before, how),
      )
    : steps(cell, q, z, valids, begun, how);
  const y = outputs.at(-1)!;
  if (reverse) outputs.reverse();
  // The last output often is the state's h. Two tensors, so that freeing one leaves the other.
  return { outputs: returnSequences ? stack(outputs, 1) : reshape(y, y.shape), state };
}

/** Steps one after the other, in the order in which z has them. */
function steps<P extends Tree, S extends Tree>(
  cell: Cell<P, S>,
  q: unknown,
  z: readonly Floats[],
  valids: readonly Tensor<'bool'>[] | null,
  { previous: firstPrevious, state: firstState }: Steps<S>,
  { returnSequences, zeroOutputForMask }: SequenceOptions,
): Steps<S> {
  const newest = newestId();
  const outputs: Floats[] = [];
  const handedOut = new Set<Tensor>();
  let state = firstState;
  let previous = firstPrevious;
  z.forEach((z_t, t) => {
    const before: { state: S; previous: Floats | null } = { state, previous };
    const now: { state: S; previous: Floats; output: Floats } = scope(() => {
      const [y, next] = cell.step(q, z_t, before.state);
      if (valids === null) return { state: next, previous: y, output: y };
      const valid = valids[t]!;
      const repeated = where(valid, y, before.previous ?? zerosLike(y));
      return {
        state: mapTrees(next, before.state, (after, stay) => where(valid, after as Floats, stay as Floats)),
        previous: repeated,
        output: zeroOutputForMask ? where(valid, y, zerosLike(y)) : repeated,
      };
    });
    ({ state, previous } = now);
    if (returnSequences) {
      outputs.push(now.output);
      handedOut.add(now.output);
    } else outputs[0] = now.output;
    // Without this a long sequence would hold every state until its end. What is older than the loop is the caller's,
    // or was prepared for all steps.
    const needed = new Set(leaves(now));
    for (const old of leaves(before)) if (old.id > newest && !needed.has(old) && !handedOut.has(old)) discard(old);
  });
  return { outputs, previous, state };
}

/** x with 0 where it is masked. Its value there does not reach the outputs, but as NaN it would reach every gradient. */
function unmasked(x: Floats, mask: Tensor<'bool'>): Floats {
  return where(reshape(mask, [...mask.shape, 1]), x, 0);
}

function zerosLike(y: Floats): Floats {
  return zeros(y.shape, { backend: y.backend });
}
