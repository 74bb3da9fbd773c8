/** reduce and argReduce: every choice of axes, NaN, infinities, empty axes, one rounding. */
import { describe, it } from 'vitest';
import { cpu } from '../src/index.js';
import { expectSame, numbers, random, randomFrom, sizeOf, unravel, upload, type X } from './support.js';

const backend = cpu();

function naive(x: X, axes: readonly number[], f: (a: number, b: number) => number, start: number): number[] {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const y = new Array<number>(sizeOf(kept)).fill(start);
  numbers(x).forEach((v, i) => {
    let flat = 0;
    unravel(i, x.shape).forEach((at, axis) => (flat = flat * kept[axis]! + (axes.includes(axis) ? 0 : at)));
    y[flat] = f(y[flat]!, v);
  });
  return y;
}

describe('reduce', () => {
  it('over every choice of axes', () => {
    for (const shape of [[5], [17, 3], [3, 5, 17], [2, 3, 1, 5], [130, 3], [2, 3, 2, 3, 2, 3]]) {
      for (let choice = 1; choice < 2 ** shape.length; choice++) {
        const axes = shape.map((_, axis) => axis).filter((axis) => choice & (1 << axis));
        const x = random(backend, shape, choice, 4);
        const out = { shape: shape.filter((_, axis) => !axes.includes(axis)), dtype: 'float32' } as const;
        expectSame(backend.reduce('sum', x, axes, out).data, naive(x, axes, (a, b) => a + b, 0).map(Math.fround));
        expectSame(backend.reduce('max', x, axes, out).data, naive(x, axes, Math.max, -Infinity));
        expectSame(backend.reduce('min', x, axes, out).data, naive(x, axes, Math.min, Infinity));
      }
    }
  });

  it('keeps lengths of 1 where out has them, and sums nothing to 0', () => {
    const x = upload(backend, [2, 3], [1, 2, 3, 4, 5, 6]);
    expectSame(backend.reduce('sum', x, [1], { shape: [2, 1], dtype: 'float32' }).data, [6, 15]);
    const empty = upload(backend, [2, 0], []);
    expectSame(backend.reduce('sum', empty, [1], { shape: [2], dtype: 'float32' }).data, [0, 0]);
    expectSame(backend.reduce('sum', empty, [0], { shape: [0], dtype: 'float32' }).data, []);
  });

  it('lets NaN win and infinities stand', () => {
    const x = upload(backend, [4, 3], [1, NaN, 2, NaN, 1, 2, 1, Infinity, -Infinity, -Infinity, -Infinity, -Infinity]);
    const out = { shape: [4], dtype: 'float32' } as const;
    expectSame(backend.reduce('max', x, [1], out).data, [NaN, NaN, Infinity, -Infinity]);
    expectSame(backend.reduce('min', x, [1], out).data, [NaN, NaN, -Infinity, -Infinity]);
    expectSame(backend.reduce('sum', x, [1], out).data, [NaN, NaN, NaN, -Infinity]);
  });

  it('rounds once: what float32 would lose is still there', () => {
    const x = upload(backend, [4], [1e8, 1, 1, -1e8]);
    expectSame(backend.reduce('sum', x, [0], { shape: [], dtype: 'float32' }).data, [2]);
  });

  it('sums int32 exactly, and takes the extremes of int32 and bool', () => {
    const x = upload(backend, [2, 2], [16777215, 1, 2147483647, 1], 'int32');
    const out = { shape: [2], dtype: 'int32' } as const;
    expectSame(backend.reduce('sum', x, [1], out).data, [16777216, -2147483648]);
    expectSame(backend.reduce('max', x, [0], out).data, [2147483647, 1]);
    const b = upload(backend, [2, 2], [0, 1, 0, 0], 'bool');
    expectSame(backend.reduce('max', b, [1], { shape: [2], dtype: 'bool' }).data, [1, 0]);
    expectSame(backend.reduce('min', b, [1], { shape: [2], dtype: 'bool' }).data, [0, 0]);
  });
});

describe('argReduce', () => {
  it('along every axis, with many ties', () => {
    const next = randomFrom(5);
    for (const shape of [[1], [130], [3, 17], [5, 3, 2], [2, 1, 3, 2]]) {
      shape.forEach((n, axis) => {
        const x = upload(
          backend,
          shape,
          Array.from({ length: sizeOf(shape) }, () => Math.round(3 * next())),
        );
        const left = shape.filter((_, i) => i !== axis);
        for (const [op, wins] of [
          ['argMax', (a: number, b: number) => a > b],
          ['argMin', (a: number, b: number) => a < b],
        ] as const) {
          const expected = Array.from({ length: sizeOf(left) }, (_, flat) => {
            const index = unravel(flat, left);
            const value = (i: number): number => {
              let p = 0;
              [...index.slice(0, axis), i, ...index.slice(axis)].forEach((v, k) => (p = p * shape[k]! + v));
              return x.handle.data[p]!;
            };
            let best = 0;
            for (let i = 1; i < n; i++) if (wins(value(i), value(best))) best = i;
            return best;
          });
          expectSame(backend.argReduce(op, x, axis, { shape: left, dtype: 'int32' }).data, expected);
        }
      });
    }
  });

  it('takes the first NaN, and works on int32', () => {
    const out = { shape: [3], dtype: 'int32' } as const;
    const x = upload(backend, [3, 4], [1, NaN, 5, NaN, NaN, 1, 2, 3, -Infinity, 0, -0, 0]);
    expectSame(backend.argReduce('argMax', x, 1, out).data, [1, 0, 1]);
    expectSame(backend.argReduce('argMin', x, 1, out).data, [1, 0, 0]);
    const i = upload(backend, [2, 3], [-2147483648, 7, 7, 3, 3, -2147483648], 'int32');
    expectSame(backend.argReduce('argMax', i, 1, { shape: [2], dtype: 'int32' }).data, [1, 0]);
    expectSame(backend.argReduce('argMin', i, 1, { shape: [2], dtype: 'int32' }).data, [0, 2]);
    expectSame(backend.argReduce('argMin', i, 0, out).data, [0, 1, 1]);
  });
});
