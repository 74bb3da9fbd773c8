/** The numbers that the real Keras computed, from ../data, and how far ours are from them. */
import { tensor } from '@recurra/core';
import type { Backend, Tensor } from '@recurra/core';

export interface Golden {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The golden numbers as a tensor. */
export function toTensor({ shape, data }: Golden, backend?: Backend): Tensor<'float32'> {
  return tensor(Float32Array.from(data), shape, { ...(backend && { backend }) });
}

/** The largest |ours − Keras's|; NaN counts as infinitely far. */
export function largestDifference(ours: ArrayLike<number>, { data }: Golden): number {
  if (ours.length !== data.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const difference = Math.abs(ours[i]! - Math.fround(data[i]!));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** Whether every number is the same float32, bit for bit. */
export function sameBits(ours: Float32Array, { data }: Golden): boolean {
  const theirs = new Uint32Array(Float32Array.from(data).buffer);
  const bits = new Uint32Array(ours.buffer, ours.byteOffset, ours.length);
  return bits.length === theirs.length && bits.every((b, i) => b === theirs[i]);
}

/** Two float32 computations of the same formula differ by a few roundings: |a − e| ≤ tolerance·(1 + |e|). */
export const tolerance = 2e-6;

export function same(ours: ArrayLike<number>, golden: Golden): boolean {
  return (
    ours.length === golden.data.length &&
    golden.data.every((e, i) => Math.abs(ours[i]! - e) <= tolerance * (1 + Math.abs(e)))
  );
}
