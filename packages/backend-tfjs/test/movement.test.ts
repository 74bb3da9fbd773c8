/** transpose, slice, concat, gather and scatterAdd, against one multi-index at a time. */
import '@tensorflow/tfjs-backend-cpu';
import type { DType } from '@recurra/core';
import { describe, it } from 'vitest';
import { tfjs } from '../src/index.js';
import { at, each, expectClose, expectSame, float, put, random, randomFrom, take, type X } from './support.js';

const on = await tfjs({ engine: 'cpu' });
const dtypes: readonly DType[] = ['float32', 'int32', 'bool'];
/** x[index], of x's own shape. */
const read = (x: X, index: readonly number[]): number => {
  let flat = 0;
  x.shape.forEach((n, axis) => (flat = flat * n + index[axis]!));
  return x.data[flat]!;
};

describe('transpose', () => {
  it('in every order of up to four axes, and of six', () => {
    const orders = (n: number): number[][] =>
      n === 0
        ? [[]]
        : orders(n - 1).flatMap((rest) => Array.from({ length: n }, (_, i) => rest.toSpliced(i, 0, n - 1)));
    const cases = [[], [5], [3, 7], [2, 3, 5], [3, 1, 2, 4], [0, 3]].flatMap((shape) =>
      orders(shape.length).map((perm) => [shape, perm]),
    );
    for (const [shape, perm] of [
      ...cases,
      [
        [2, 3, 1, 2, 3, 2],
        [4, 0, 5, 2, 3, 1],
      ],
    ] as [number[], number[]][]) {
      for (const dtype of dtypes) {
        const x = random(on, shape, 5, dtype);
        const out = { shape: perm.map((axis) => shape[axis]!), dtype };
        const e = each(out.shape, (index) =>
          read(
            x,
            shape.map((_, axis) => index[perm.indexOf(axis)]!),
          ),
        );
        expectSame(take(on, on.transpose(x, perm, out), out), e);
      }
    }
  });
});

describe('slice', () => {
  it.each(dtypes)('random windows of %s, forwards and backwards, of up to six axes', (dtype) => {
    const next = randomFrom(3);
    const below = (n: number): number => Math.floor(((next() + 1) / 2) * n * 0.999999);
    for (let trial = 0; trial < 400; trial++) {
      const shape = Array.from({ length: below(7) }, () => 1 + below(4));
      const begin = shape.map(below);
      const strides = shape.map(() => (trial % 3 === 0 ? 1 : [1, 2, 3, -1, -2, -3][below(6)]!));
      const size = shape.map((n, axis) => {
        const s = strides[axis]!;
        const room = s > 0 ? Math.ceil((n - begin[axis]!) / s) : Math.floor(begin[axis]! / -s) + 1;
        return trial % 50 === 7 ? below(room + 1) : 1 + below(room);
      });
      const x = random(on, shape, trial, dtype);
      const e = each(size, (index) =>
        read(
          x,
          index.map((i, axis) => begin[axis]! + i * strides[axis]!),
        ),
      );
      const out = { shape: size, dtype };
      expectSame(take(on, on.slice(x, begin, strides, out), out), e);
      on.free(x.handle);
    }
  });

  it('reverses', () => {
    const x = random(on, [2, 3, 4], 1);
    const e = each(x.shape, ([i, j, k]) => read(x, [1 - i!, 2 - j!, 3 - k!]));
    expectSame(take(on, on.slice(x, [1, 2, 3], [-1, -1, -1], x), x), e);
  });
});

describe('concat', () => {
  it('along every axis, with empty parts', () => {
    for (const dtype of dtypes) {
      for (const [shape, lengths] of [
        [[1], [3, 1, 5]],
        [
          [3, 5],
          [2, 0, 7],
        ],
        [
          [3, 5],
          [0, 4],
        ],
        [[2], [0, 0]],
        [
          [2, 1, 3, 2],
          [3, 3, 1],
        ],
        [
          [1, 2, 1, 2, 1, 3],
          [1, 2],
        ],
      ] as const) {
        shape.forEach((_, axis) => {
          const xs = lengths.map((n, i) =>
            random(
              on,
              shape.map((m, a) => (a === axis ? n : m)),
              i,
              dtype,
            ),
          );
          const total = lengths.reduce((sum: number, n) => sum + n, 0);
          const out = { shape: shape.map((m, a) => (a === axis ? total : m)), dtype };
          const e = each(out.shape, (index) => {
            let i = index[axis]!;
            const part = xs.find((x) => (i < x.shape[axis]! ? true : ((i -= x.shape[axis]!), false)))!;
            return read(part, index.with(axis, i));
          });
          expectSame(take(on, on.concat(xs, axis, out), out), e);
        });
      }
    }
  });

  it('of one part is a handle of its own', () => {
    const x = random(on, [3], 1);
    const y = on.concat([x], 0, x);
    on.free(x.handle);
    expectSame(take(on, y, x), x.data as number[]);
  });
});

const picks = [3, 0, 3, -1, 4, 2, 2147483647, -2147483648];

describe('gather', () => {
  it('by indices of any rank, along every axis; out of range is 0, whatever is at the ends', () => {
    for (const dtype of dtypes) {
      for (const shape of [[4], [4, 3], [2, 4, 5], [3, 4, 0], [2, 1, 4, 2, 2, 1]]) {
        const axis = shape.indexOf(4);
        const drawn = random(on, shape, 9, dtype);
        const x =
          dtype === 'float32'
            ? put(
                on,
                shape,
                drawn.data.map((v, i) => (i % 5 === 0 ? NaN : v)),
              )
            : drawn;
        for (const at0 of [[8], [2, 4], [4, 1, 2], [0], []]) {
          const indices = put(on, at0, at0.length === 0 ? [2] : picks.slice(0, at0[0] === 0 ? 0 : 8), 'int32');
          const out = { shape: [...shape.slice(0, axis), ...at0, ...shape.slice(axis + 1)], dtype };
          const e = each(out.shape, (index) => {
            const k = at(indices, index.slice(axis, axis + at0.length));
            return k < 0 || k >= 4 ? 0 : read(x, [...index.slice(0, axis), k, ...index.slice(axis + at0.length)]);
          });
          expectSame(take(on, on.gather(x, indices, axis, out), out), e);
        }
      }
    }
  });

  it('from nothing gives 0', () => {
    const x = put(on, [0, 2], []);
    expectSame(take(on, on.gather(x, put(on, [1], [0], 'int32'), 0, float([1, 2])), float([1, 2])), [0, 0]);
  });
});

describe('scatterAdd', () => {
  it('is the transpose of gather; out of range is dropped, be it NaN', () => {
    for (const dtype of ['float32', 'int32'] as const) {
      for (const shape of [[4], [4, 3], [2, 4, 5], [3, 4, 0], [2, 1, 4, 2, 2, 1]]) {
        const axis = shape.indexOf(4);
        for (const at0 of [[8], [2, 4], [4, 1, 2], [0], []]) {
          const indices = put(on, at0, at0.length === 0 ? [2] : picks.slice(0, at0[0] === 0 ? 0 : 8), 'int32');
          const from = [...shape.slice(0, axis), ...at0, ...shape.slice(axis + 1)];
          const placeOf = (index: number[]): number => at(indices, index.slice(axis, axis + at0.length));
          const next = randomFrom(4);
          const data = each(from, (index) => {
            const k = placeOf(index);
            if (dtype === 'int32') return Math.round(9 * next());
            return k < 0 || k >= 4 ? NaN : next();
          });
          const updates = put(on, from, data, dtype);
          const e = each(shape, () => 0);
          each(from, (index) => {
            const k = placeOf(index);
            if (k < 0 || k >= 4) return 0;
            const to = [...index.slice(0, axis), k, ...index.slice(axis + at0.length)];
            let flat = 0;
            shape.forEach((n, a) => (flat = flat * n + to[a]!));
            return (e[flat]! += read(updates, index));
          });
          const out = { shape, dtype };
          expectClose(take(on, on.scatterAdd(updates, indices, axis, out), out), e);
        }
      }
    }
  });

  it('into nothing, where every index is out of range', () => {
    const updates = random(on, [2, 3], 1);
    const y = on.scatterAdd(updates, put(on, [2], [0, 1], 'int32'), 0, float([0, 3]));
    expectSame(take(on, y, float([0, 3])), []);
  });
});
