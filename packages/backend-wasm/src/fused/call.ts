/** One call of a recurrent kernel, described in words of linear memory: the fields of assembly/call.ts, in its order. */
import type { RecurrentDims } from '@recurra/core';
import type { Heap } from '../memory.js';
import { activationOf } from './activations.js';
import { padded, type AnySpec, type Cell } from './cells.js';
import { four, type Weights } from './weights.js';

const fields = [
  'cell',
  'act',
  'ract',
  'batch',
  'time',
  'inputs',
  'units',
  'reverse',
  'sequences',
  'zeroOutput',
  'x',
  'mask',
  'W',
  'U',
  'bias',
  'h',
  'c',
  't',
  'begun',
  'y',
  'frames',
  'z',
  'steps',
  'keepH',
  'keepC',
  'keepT',
] as const;
type Field = (typeof fields)[number];

/** Bytes of a call. */
export const bytesOfCall = (): number => fields.length * 4;

const bytes = (n: number): number => Math.ceil(n / 16) * 16;

/** Where a call and what it works in lie, one after the other from `at`. */
export interface Room {
  readonly call: number;
  readonly h: number;
  readonly c: number;
  readonly t: number;
  readonly begun: number;
  readonly frames: number;
  readonly z: number;
  /** Bytes in all. */
  readonly size: number;
}

/** @param steps of the projection at once @param z false where the gates lie elsewhere */
export function room(at: number, cell: Cell, { batch, inputs, units }: RecurrentDims, steps: number, z = true): Room {
  let end = at;
  const take = (n: number): number => {
    const from = end;
    end += bytes(n);
    return from;
  };
  const w = padded(units) * 4;
  return {
    call: take(bytesOfCall()),
    h: take(batch * w),
    c: take(batch * w),
    // Room for one more state, and for all gates once more.
    t: take(batch * w * (1 + cell.gates.length)),
    begun: take(batch),
    frames: take(steps * batch * four(inputs) * 4),
    z: take(z ? steps * batch * w * cell.gates.length : 0),
    size: end - at,
  };
}

/** Writes the call; what is not given is 0. */
export function describe(
  { ints }: Heap,
  { number }: Cell,
  spec: AnySpec,
  { call, h, c, t, begun, frames, z }: Room,
  weights: Weights,
  rest: { readonly [F in Field]?: number },
): void {
  const { batch, time, inputs, units } = spec.dims;
  const words: { readonly [F in Field]?: number } = {
    cell: number,
    act: activationOf(spec.activation),
    // Keras has no recurrent activation in a simple cell.
    ract: activationOf(spec.recurrentActivation ?? 'linear'),
    batch,
    time,
    inputs,
    units,
    reverse: Number(spec.reverse),
    sequences: Number(spec.returnSequences),
    zeroOutput: Number(spec.zeroOutputForMask),
    h,
    c,
    t,
    begun,
    frames,
    z,
    ...weights,
    ...rest,
  };
  fields.forEach((field, i) => {
    ints[call / 4 + i] = words[field] ?? 0;
  });
}
