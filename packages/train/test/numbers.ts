/** Tensors as the goldens keep them, random numbers that are the same in every run, and what counts as equal. */
import { cpu } from '@recurra/backend-cpu';
import { referenceBackend } from '@recurra/conformance-tests';
import { leaves, tensor, type Backend, type Tensor } from '@recurra/core';
import { expect } from 'vitest';
import type { Floats } from '@recurra/train';

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A float32 accurate one, and a float64 one without any fused kernel. */
export const backends: Readonly<Record<string, () => Backend>> = { cpu, reference: referenceBackend };

export const tolerance = { 16: 5e-3, 32: 2e-6, 64: 1e-12 };

export function floats({ shape, data }: Numbers, backend: Backend): Floats {
  return tensor(Float64Array.from(data), shape, { backend });
}

export function ints({ shape, data }: Numbers, backend: Backend): Tensor<'int32'> {
  return tensor(Int32Array.from(data), shape, { backend });
}

export function bools({ shape, data }: Numbers, backend: Backend): Tensor<'bool'> {
  return tensor(Uint8Array.from(data), shape, { dtype: 'bool', backend });
}

/** A tree of goldens as a tree of tensors. */
export function treeOf<T>(tree: T, backend: Backend): TensorsOf<T> {
  if (Array.isArray(tree)) return tree.map((inner) => treeOf<unknown>(inner, backend)) as unknown as TensorsOf<T>;
  if (isNumbers(tree)) return floats(tree, backend) as TensorsOf<T>;
  const entries = Object.entries(tree as Readonly<Record<string, unknown>>);
  return Object.fromEntries(entries.map(([k, v]) => [k, treeOf(v, backend)])) as TensorsOf<T>;
}
export type TensorsOf<T> = T extends Numbers ? Floats : { [K in keyof T]: TensorsOf<T[K]> };

const isNumbers = (x: unknown): x is Numbers =>
  typeof x === 'object' && x !== null && 'data' in x && 'shape' in x && Array.isArray((x as Numbers).data);

export async function numbersOf(x: Tensor): Promise<number[]> {
  return Array.from(await x.raw());
}

/** Every number of every tensor in a tree, for comparing two trees bit by bit. */
export async function bitsOf(tree: unknown): Promise<number[][]> {
  return Promise.all(leaves(tree).map(numbersOf));
}

/** |a − e| ≤ tol·(1 + |e|). */
export function expectClose(actual: readonly number[], expected: readonly number[], tol: number, where = ''): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((a, i) => {
    const off = Math.abs(a - expected[i]!) / (1 + Math.abs(expected[i]!));
    if (!(off <= tol)) expect.fail(`${where} at ${i}: ${a}, expected ${expected[i]}, ${off} apart`);
  });
}

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

/** Random numbers from −1 to 1. */
export function randoms(seed: number, count: number): Float64Array {
  const next = uniforms(seed);
  return Float64Array.from({ length: count }, () => 2 * next() - 1);
}

/** The code of the error that `f` throws. */
export function codeOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing was thrown';
}
