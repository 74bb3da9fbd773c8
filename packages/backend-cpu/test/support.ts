/** Operands, random numbers and slow, obvious loops to compare with. */
import type { Backend, DType, HostArray, Operand } from '@recurra/core';
import { expect } from 'vitest';
import type { CpuBuffer } from '../src/index.js';

export type Cpu = Backend<CpuBuffer>;
export type X = Operand<CpuBuffer>;

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

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}

export function upload(backend: Cpu, shape: readonly number[], data: ArrayLike<number>, dtype: DType = 'float32'): X {
  const host =
    dtype === 'float32' ? Float32Array.from(data) : dtype === 'int32' ? Int32Array.from(data) : Uint8Array.from(data);
  return { handle: backend.upload(host, { shape, dtype }), shape, dtype };
}

export function random(backend: Cpu, shape: readonly number[], seed: number, scale = 1): X {
  const next = randomFrom(seed);
  return upload(
    backend,
    shape,
    Array.from({ length: sizeOf(shape) }, () => scale * next()),
  );
}

export function numbers(x: X | CpuBuffer): number[] {
  return Array.from('handle' in x ? x.handle.data : x.data);
}

/** The multi-index of the element at `flat`. */
export function unravel(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = flat % shape[axis]!;
    flat = Math.floor(flat / shape[axis]!);
  }
  return index;
}

/** The element of x at a multi-index of a shape it broadcasts to. */
export function at(x: X, index: readonly number[]): number {
  const lead = index.length - x.shape.length;
  let flat = 0;
  x.shape.forEach((n, axis) => (flat = flat * n + (n === 1 ? 0 : index[axis + lead]!)));
  return x.handle.data[flat]!;
}

/** |a − e| ≤ tolerance · (1 + |e|), NaN where NaN is due, the same infinity where one is. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const e = expected[i]!;
    if (Number.isFinite(e) ? !(Math.abs(a - e) <= tolerance * (1 + Math.abs(e))) : !Object.is(a, e)) {
      expect.fail(`element ${i} is ${a}, not ${e}`);
    }
  }
}

/** The same bits: −0 is not 0, and NaN is NaN. */
export function expectSame(actual: HostArray, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) expect.fail(`element ${i} is ${actual[i]}, not ${expected[i]}`);
  }
}

/** Its series at 0; for |x| < 4, where the terms cancel to eleven digits. */
export function erf(x: number): number {
  let [sum, term] = [0, x];
  for (let n = 1; n < 100; n++) {
    sum += term / (2 * n - 1);
    term *= (-x * x) / n;
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
