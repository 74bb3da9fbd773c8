/** One call of a recurrent kernel, described in words of linear memory: the fields of assembly/call.ts, in its order. */
import type { RecurrentDims } from '@recurra/core';
import type { Heap } from '../memory.js';
import { activationOf } from './activations.js';
import { padded, type AnySpec, type Cell } from './cells.js';
import { four } from './weights.js';

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
  'repeated',
  'dZ',
  'dR',
  'panels',
  'dx',
  'dW',
  'dU',
  'db',
  'pairsW',
  'pairsU',
] as const;
type Field = (typeof fields)[number];

/** Bytes of a call. */
export const bytesOfCall = (): number => fields.length * 4;

const bytes = (n: number): number => Math.ceil(n / 16) * 16;

/** Places one after the other from `at`, for as many bytes each, and how many they are in all. */
export function lay<N extends string>(at: number, sizes: Readonly<Record<N, number>>): Record<N | 'size', number> {
  let end = at;
  const places: Record<string, number> = {};
  for (const [name, n] of Object.entries<number>(sizes)) {
    places[name] = end;
    end += bytes(n);
  }
  return { ...(places as Record<N, number>), size: end - at };
}

/** Where a call and what it works in lie. */
export type Room = Readonly<Record<'call' | 'h' | 'c' | 't' | 'begun' | 'frames' | 'z' | 'size', number>>;

/** @param steps of the projection at once @param z false where the gates lie elsewhere */
export function room(at: number, cell: Cell, { batch, inputs, units }: RecurrentDims, steps: number, z = true): Room {
  const state = batch * padded(units) * 4;
  const gates = state * cell.gates.length;
  // As `lay` does it, without its lists: they were a fifth of a short call.
  const h = at + bytes(bytesOfCall());
  const c = h + bytes(state);
  const t = c + bytes(state);
  // t: room for one more state, and for all gates once more.
  const begun = t + bytes(state + gates);
  const frames = begun + bytes(batch);
  const gatesAt = frames + bytes(steps * batch * four(inputs) * 4);
  const end = gatesAt + (z ? bytes(steps * gates) : 0);
  return { call: at, h, c, t, begun, frames, z: gatesAt, size: end - at };
}

/** Multiplications of a step. */
export function workOf({ gates }: Cell, { dims: { batch, inputs, units } }: AnySpec): number {
  return batch * gates.length * units * (inputs + units);
}

/** Writes the call; what is not given is 0. */
export function describe(
  { ints }: Heap,
  { number }: Cell,
  spec: AnySpec,
  call: number,
  at: { readonly [F in Field]?: number },
): void {
  const { batch, time, inputs, units } = spec.dims;
  const first = call / 4;
  for (let i = 0; i < fields.length; i++) ints[first + i] = at[fields[i]!] ?? 0;
  // Keras has no recurrent activation in a simple cell.
  const act = [activationOf(spec.activation), activationOf(spec.recurrentActivation ?? 'linear')];
  const switches = [spec.reverse, spec.returnSequences, spec.zeroOutputForMask].map(Number);
  ints.set([number, ...act, batch, time, inputs, units, ...switches], first);
}
