/** Random numbers that are the same in every run, tensors of them, and what counts as equal. */
import { tensor } from '@recurra/core';
import type { Backend, Shape, Tensor } from '@recurra/core';
import { expect } from 'vitest';

/** Uniform in [0, 1), by mulberry32. */
export function uniforms(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Draw {
  readonly next: () => number;
  floats(shape: Shape, scale?: number): Tensor<'float32'>;
  /** True with this probability. */
  bools(shape: Shape, probability?: number): Tensor<'bool'>;
  /** A whole number from low to high, both included. */
  int(low: number, high: number): number;
}

export function draw(backend: Backend, seed: number): Draw {
  const next = uniforms(seed);
  const many = (shape: Shape, f: () => number): number[] => Array.from({ length: shape.reduce((n, m) => n * m, 1) }, f);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    floats: (shape, scale = 1) => tensor(Float64Array.from(many(shape, () => scale * normal())), shape, { backend }),
    bools: (shape, probability = 0.5) =>
      tensor(Uint8Array.from(many(shape, () => Number(next() < probability))), shape, { dtype: 'bool', backend }),
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
  };
}

/** Every number, at the backend's own precision. */
export async function numbersOf(x: Tensor): Promise<number[]> {
  return Array.from(await x.raw());
}

/** |a − e| ≤ tol·(1 + |e|), with the tolerance of the precision. */
export function expectClose(actual: readonly number[], expected: readonly number[], precision: 16 | 32 | 64): void {
  const tolerance = { 16: 5e-3, 32: 2e-6, 64: 1e-12 }[precision];
  expect(actual.length).toBe(expected.length);
  actual.forEach((a, i) => {
    const e = expected[i]!;
    const off = Math.abs(a - e) / (1 + Math.abs(e));
    if (!(off <= tolerance)) expect.fail(`at ${i}: ${a}, expected ${e}, ${off} apart`);
  });
}
