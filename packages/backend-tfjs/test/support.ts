/** Random operands, and slow, obvious loops over multi-indices to compare with. */
import type { Backend, DType, Operand, Shape, Spec } from '@recurra/core';
import { expect } from 'vitest';
import type { TfHandle } from '../src/index.js';

export type Tf = Backend<TfHandle>;
export type X = Operand<TfHandle> & { readonly data: readonly number[] };

/** Numbers in −1…1 from a seed; the generator is Marsaglia's xorshift. */
export function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435769) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

export const sizeOf = (shape: Shape): number => shape.reduce((size, n) => size * n, 1);
export const float = (shape: Shape): Spec => ({ shape, dtype: 'float32' });

export function put(on: Tf, shape: Shape, data: ArrayLike<number>, dtype: DType = 'float32'): X {
  const host = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype].from(data);
  return { handle: on.upload(host, { shape, dtype }), shape, dtype, data: Array.from(host) };
}

export function random(on: Tf, shape: Shape, seed: number, dtype: DType = 'float32'): X {
  const next = randomFrom(seed);
  const value = { float32: next, int32: () => Math.round(9 * next()), bool: () => (next() > 0 ? 1 : 0) }[dtype];
  return put(on, shape, Array.from({ length: sizeOf(shape) }, value), dtype);
}

/** The numbers of a kernel's result, which is freed. */
export function take(on: Tf, handle: TfHandle, out: Spec): number[] {
  const data = on.readSync!({ ...out, handle });
  expect(data).toBeInstanceOf({ float32: Float32Array, int32: Int32Array, bool: Uint8Array }[out.dtype]);
  on.free(handle);
  return Array.from(data);
}

/** One number for each multi-index of `shape`, row-major. */
export function each(shape: Shape, value: (index: number[]) => number): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index: number[] = [];
    for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return value(index);
  });
}

/** The element of x at a multi-index of a shape it broadcasts to. */
export function at(x: X, index: readonly number[]): number {
  const lead = index.length - x.shape.length;
  let flat = 0;
  x.shape.forEach((n, axis) => (flat = flat * n + (n === 1 ? 0 : index[axis + lead]!)));
  return x.data[flat]!;
}

/** |a − e| ≤ tolerance · (1 + |e|), NaN where NaN is due, the same infinity where one is. */
export function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    const a = actual[i]!;
    const close = Number.isFinite(e) ? Math.abs(a - e) <= tolerance * (1 + Math.abs(e)) : Object.is(a, e);
    if (!close) expect.fail(`element ${i} is ${a}, not ${e}`);
  });
}

/** The same numbers; NaN is NaN, and −0 is 0. */
export function expectSame(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    if (actual[i] !== e && !Object.is(actual[i], e)) expect.fail(`element ${i} is ${actual[i]}, not ${e}`);
  });
}

/** Within so many units in the last place of a float32, or of the least float32 there is. */
export function expectUlps(actual: readonly number[], expected: readonly number[], ulps: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    const a = actual[i]!;
    const near = Number.isFinite(e) && Math.abs(a - e) <= ulps * 2 ** -23 * Math.abs(e) + 2 ** -149;
    if (!near && !Object.is(a, e)) expect.fail(`element ${i} is ${a}, not ${e}`);
  });
}
