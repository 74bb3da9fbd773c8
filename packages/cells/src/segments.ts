/**
 * A long sequence as segments of time, each a `checkpoint`: a tape keeps what lies between segments, and the way back runs
 * one segment at a time again.
 */
import {
  any,
  ArgumentError,
  checkpoint,
  concat,
  expandDims,
  logicalOr,
  reshape,
  slice,
  split,
  where,
} from '@recurra/core';
import type { Tensor, Tree } from '@recurra/core';
import type { Floats, RNNResult, SequenceOptions } from './cell.js';

type Mask = Tensor<'bool'> | null;

/** What `segments` gives, for the option `checkpoint`. */
export interface Segments {
  /** Steps of a segment. */
  readonly length: number;
  /** For `rnn`: a sequence by calls of the cell for each segment. */
  readonly sequence: typeof inSegments;
  /** For `rnn`: steps, of which some at a time are taken as one. */
  readonly steps: typeof stepsInSegments;
}

/**
 * The option `checkpoint` of `rnn`: segments of so many steps. While a tape records, only what lies between segments is kept,
 * and each is computed again on the way back.
 *
 *     rnn(cell, params, x, { checkpoint: segments(32) });
 *
 * About √T steps need the least memory.
 *
 * @throws ArgumentError unless `length` is a whole number, 1 or more
 */
export function segments(length: number): Segments {
  if (!(Number.isSafeInteger(length) && length > 0)) {
    const hint = 'how many steps to compute again at a time: segments(32)';
    throw new ArgumentError('segments', 'length must be a whole number, 1 or more', { length }, hint);
  }
  return { length, sequence: inSegments, steps: stepsInSegments };
}

/** Steps that were taken: the outputs that are handed out, the last one before zeros for masked steps, the state. */
export interface Steps<S> {
  readonly outputs: Floats[];
  readonly previous: Floats | null;
  readonly state: S;
}
type Take<P, S> = (
  params: P,
  z: readonly Floats[],
  valids: readonly Tensor<'bool'>[] | null,
  before: Steps<S>,
) => Steps<S>;

/** `take` on all steps, in the order of z. */
function stepsInSegments<P extends Tree, S extends Tree>(
  length: number,
  params: P,
  z: readonly Floats[],
  valids: readonly Tensor<'bool'>[] | null,
  before: Steps<S>,
  take: Take<P, S>,
): Steps<S> {
  const segment = checkpoint((...args: Parameters<Take<P, S>>) => take(...args) as Steps<S> & Tree);
  const outputs: Floats[] = [];
  let made = before;
  for (let first = 0; first < z.length; first += length) {
    const last = first + length;
    made = segment(params, z.slice(first, last), valids && valids.slice(first, last), { ...made, outputs: [] });
    outputs.push(...made.outputs);
  }
  return { ...made, outputs };
}

/** The result of `run` over all of x: its part of x, the state before it, its part of the mask. */
function inSegments<P extends Tree, S extends Tree>(
  params: P,
  x: Floats,
  initial: S | undefined,
  how: SequenceOptions,
  run: (params: P, x: Floats, state: S | undefined, mask: Mask) => RNNResult<S>,
): RNNResult<S> {
  const { mask, reverse, returnSequences, zeroOutputForMask } = how;
  const sizes = lengths(x.shape[1]!, how.checkpoint!.length);
  const parts = split(x, sizes, 1);
  const masks = mask && split(mask, sizes, 1);
  const segment = checkpoint((p: P, part: Floats, before: S | undefined, valid: Mask, previous: Floats | null) => {
    const { outputs, state } = run(p, part, before, valid);
    return { outputs: valid && previous ? repeating(outputs, previous, valid, how) : outputs, state };
  });

  const outputs: Floats[] = [];
  let state = initial;
  let previous: Floats | null = null;
  for (let i = 0; i < sizes.length; i++) {
    const s = reverse ? sizes.length - 1 - i : i;
    const made: { outputs: Floats; state: S } = segment(params, parts[s]!, state, masks && masks[s]!, previous);
    state = made.state;
    outputs.push(made.outputs);
    if (masks && !zeroOutputForMask) previous = returnSequences ? lastOf(made.outputs, reverse) : made.outputs;
  }
  if (reverse) outputs.reverse();
  return { outputs: returnSequences ? concat(outputs, 1) : outputs[reverse ? 0 : outputs.length - 1]!, state: state! };
}

/** As many whole segments as fit, and what is left. */
function lengths(time: number, length: number): number[] {
  return Array.from({ length: Math.ceil(time / length) }, (_, i) => Math.min(length, time - i * length));
}

/** Before its first valid step a segment repeats the output before it; alone it would give 0 there. */
function repeating(outputs: Floats, previous: Floats, mask: Tensor<'bool'>, how: SequenceOptions): Floats {
  if (!how.returnSequences) return where(any(mask, { axis: 1, keepDims: true }), outputs, previous);
  const valids = split(mask, mask.shape[1]!, 1) as Tensor<'bool'>[];
  if (how.reverse) valids.reverse();
  for (let i = 1; i < valids.length; i++) valids[i] = logicalOr(valids[i - 1]!, valids[i]!);
  if (how.reverse) valids.reverse();
  return where(reshape(concat(valids, 1), [...mask.shape, 1]), outputs, expandDims(previous, 1));
}

function lastOf(outputs: Floats, reverse: boolean): Floats {
  const [batch, time, units] = outputs.shape as [number, number, number];
  return reshape(slice(outputs, [0, reverse ? 0 : time - 1, 0], [batch, 1, units]), [batch, units]);
}
