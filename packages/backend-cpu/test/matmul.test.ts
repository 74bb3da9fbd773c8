/** matmul: every transposition, batch and odd size to the last bit, as its order of summation is promised. */
import { describe, expect, it } from 'vitest';
import { cpu } from '../src/index.js';
import { at, expectSame, random, sizeOf, unravel, upload, type X } from './support.js';

const backend = cpu();

/** The promise itself: from 0 in ascending k, in double precision, rounded once. */
function naive(a: X, b: X, transposeA: boolean, transposeB: boolean, shape: readonly number[]): number[] {
  const k = a.shape[a.shape.length - (transposeA ? 2 : 1)]!;
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index = unravel(flat, shape);
    const lead = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    // `at` reads an axis of length 1 at 0, which is right for the leading axes, and for these two as well.
    let sum = 0;
    for (let q = 0; q < k; q++) {
      sum += at(a, [...lead, ...(transposeA ? [q, i] : [i, q])]) * at(b, [...lead, ...(transposeB ? [j, q] : [q, j])]);
    }
    return Math.fround(sum);
  });
}

function check(leadA: number[], leadB: number[], lead: number[], m: number, k: number, n: number): void {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const a = random(backend, [...leadA, ...(transposeA ? [k, m] : [m, k])], m + k);
      const b = random(backend, [...leadB, ...(transposeB ? [n, k] : [k, n])], n + 7 * k);
      const out = { shape: [...lead, m, n], dtype: 'float32' } as const;
      const expected = naive(a, b, transposeA, transposeB, out.shape);
      // Three times: packed on the way, packed and kept, and kept.
      for (let round = 0; round < 3; round++) {
        expectSame(backend.matmul(a, b, { transposeA, transposeB }, out).data, expected);
      }
    }
  }
}

describe('matmul', () => {
  it('at odd sizes', () => {
    const sizes = [1, 3, 5, 17];
    for (const m of sizes) for (const k of sizes) for (const n of sizes) check([], [], [], m, k, n);
    check([], [], [], 130, 3, 17);
    check([], [], [], 3, 130, 5);
    check([], [], [], 5, 17, 130);
    check([], [], [], 1, 130, 130);
    check([], [], [], 130, 130, 1);
  });

  it('where blocks and strips end', () => {
    check([], [], [], 131, 257, 67);
    check([], [], [], 9, 9001, 5);
  });

  it('in batches, broadcasting', () => {
    check([4], [4], [4], 3, 5, 2);
    check([4], [], [4], 3, 5, 2);
    check([], [4], [4], 3, 5, 9);
    check([2, 1], [3], [2, 3], 1, 5, 9);
    check([2, 1, 3], [5, 1], [2, 5, 3], 2, 3, 1);
    check([3, 1], [1, 1], [3, 1], 5, 2, 3);
    check([2, 1, 2, 1], [1, 3, 1, 2], [2, 3, 2, 2], 3, 2, 4);
  });

  it('of nothing', () => {
    check([], [], [], 3, 0, 2);
    check([], [], [], 0, 3, 2);
    check([0], [], [0], 3, 2, 2);
    check([2], [2], [2], 3, 2, 0);
  });

  it('gives a row the same bits alone as in a batch', () => {
    for (const [k, n] of [
      [3, 5],
      [17, 130],
      [300, 17],
      [64, 1],
    ] as const) {
      const a = random(backend, [7, k], k);
      const b = random(backend, [k, n], n);
      const options = { transposeA: false, transposeB: false };
      const whole = backend.matmul(a, b, options, { shape: [7, n], dtype: 'float32' }).data;
      for (let i = 0; i < 7; i++) {
        const one = upload(backend, [1, k], a.handle.data.slice(i * k, (i + 1) * k));
        const alone = backend.matmul(one, b, options, { shape: [1, n], dtype: 'float32' }).data;
        expectSame(alone, whole.slice(i * n, (i + 1) * n));
      }
    }
  });

  it('keeps NaN and infinity in their rows and columns', () => {
    const a = upload(backend, [3, 2], [1, 2, NaN, 1, 3, 4]);
    const b = upload(backend, [2, 3], [1, 2, Infinity, 1, 1, 1]);
    const out = { shape: [3, 3], dtype: 'float32' } as const;
    const y = backend.matmul(a, b, { transposeA: false, transposeB: false }, out).data;
    expectSame(y, [3, 4, Infinity, NaN, NaN, NaN, 7, 10, Infinity]);
  });

  it('leaves its inputs as they were', () => {
    const a = random(backend, [5, 3], 1);
    const b = random(backend, [3, 6], 2);
    const before = [a.handle.data.slice(), b.handle.data.slice()];
    backend.matmul(a, b, { transposeA: false, transposeB: false }, { shape: [5, 6], dtype: 'float32' });
    expect([a.handle.data, b.handle.data]).toEqual(before);
  });
});
