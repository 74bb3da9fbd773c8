/** transpose, slice, concat, gather and scatterAdd, against one multi-index at a time. */
import { describe, it } from 'vitest';
import { cpu } from '../src/index.js';
import { at, expectSame, random, sizeOf, unravel, upload, type X } from './support.js';

const backend = cpu();
const each = (shape: readonly number[], value: (index: number[]) => number): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, flat) => value(unravel(flat, shape)));
/** x[index], without broadcasting. */
const read = (x: X, index: readonly number[]): number => {
  let flat = 0;
  x.shape.forEach((n, axis) => (flat = flat * n + index[axis]!));
  return x.handle.data[flat]!;
};

describe('transpose', () => {
  it('in every order of up to four axes, and of six', () => {
    const orders = (n: number): number[][] =>
      n === 0
        ? [[]]
        : orders(n - 1).flatMap((rest) => Array.from({ length: n }, (_, i) => rest.toSpliced(i, 0, n - 1)));
    for (const shape of [[], [5], [3, 17], [130, 5], [2, 3, 5], [3, 1, 2, 4], [0, 3]]) {
      const x = random(backend, shape, shape.length);
      for (const perm of orders(shape.length)) {
        const out = { shape: perm.map((axis) => shape[axis]!), dtype: 'float32' } as const;
        const expected = each(out.shape, (index) =>
          read(
            x,
            shape.map((_, axis) => index[perm.indexOf(axis)]!),
          ),
        );
        expectSame(backend.transpose(x, perm, out).data, expected);
      }
    }
    const x = random(backend, [2, 3, 1, 2, 3, 2], 6);
    const perm = [4, 0, 5, 2, 3, 1];
    const out = { shape: perm.map((axis) => x.shape[axis]!), dtype: 'float32' } as const;
    const expected = each(out.shape, (index) =>
      read(
        x,
        x.shape.map((_, axis) => index[perm.indexOf(axis)]!),
      ),
    );
    expectSame(backend.transpose(x, perm, out).data, expected);
  });

  it('of int32 and bool', () => {
    const i = upload(backend, [2, 3], [1, 2, 3, 4, 5, 6], 'int32');
    expectSame(backend.transpose(i, [1, 0], { shape: [3, 2], dtype: 'int32' }).data, [1, 4, 2, 5, 3, 6]);
    const b = upload(backend, [2, 2], [1, 1, 0, 0], 'bool');
    expectSame(backend.transpose(b, [1, 0], { shape: [2, 2], dtype: 'bool' }).data, [1, 0, 1, 0]);
  });
});

describe('slice', () => {
  it('windows, steps, reversal', () => {
    const cases: [number[], number[], number[], number[]][] = [
      [[5], [1], [1], [3]],
      [[5], [4], [-1], [5]],
      [[5], [4], [-2], [3]],
      [
        [130, 130],
        [1, 2],
        [1, 1],
        [100, 128],
      ],
      [
        [3, 5, 17],
        [0, 4, 0],
        [1, -2, 1],
        [3, 2, 17],
      ],
      [
        [3, 5, 17],
        [2, 0, 16],
        [-1, 1, -3],
        [3, 5, 6],
      ],
      [
        [3, 5, 17],
        [1, 0, 0],
        [1, 1, 1],
        [1, 5, 17],
      ],
      [
        [3, 5],
        [0, 0],
        [1, 1],
        [0, 5],
      ],
      [
        [2, 2, 2, 2, 2, 3],
        [1, 0, 1, 0, 1, 2],
        [-1, 1, -1, 1, -1, -1],
        [2, 2, 1, 2, 2, 3],
      ],
      [[], [], [], []],
    ];
    for (const [shape, begin, strides, size] of cases) {
      const x = random(backend, shape, shape.length);
      const expected = each(size, (index) =>
        read(
          x,
          index.map((i, axis) => begin[axis]! + i * strides[axis]!),
        ),
      );
      expectSame(backend.slice(x, begin, strides, { shape: size, dtype: 'float32' }).data, expected);
    }
  });
});

describe('concat', () => {
  it('along every axis, with empty parts and long ones', () => {
    for (const [shape, lengths] of [
      [[1], [3, 1, 5]],
      [
        [3, 5],
        [2, 0, 7],
      ],
      [
        [3, 130, 2],
        [1, 4],
      ],
      [
        [2, 1, 3, 2],
        [3, 3, 1],
      ],
    ] as const) {
      shape.forEach((_, axis) => {
        const xs = lengths.map((n, i) =>
          random(
            backend,
            shape.map((m, a) => (a === axis ? n : m)),
            i,
          ),
        );
        const total = lengths.reduce((sum: number, n) => sum + n, 0);
        const out = { shape: shape.map((m, a) => (a === axis ? total : m)), dtype: 'float32' } as const;
        const expected = each(out.shape, (index) => {
          let i = index[axis]!;
          const part = xs.find((x) => (i < x.shape[axis]! ? true : ((i -= x.shape[axis]!), false)))!;
          return read(part, index.with(axis, i));
        });
        expectSame(backend.concat(xs, axis, out).data, expected);
      });
    }
    const one = upload(backend, [2], [1, 0], 'bool');
    const y = backend.concat([one], 0, one);
    expectSame(y.data, [1, 0]);
  });
});

describe('gather and scatterAdd', () => {
  const picks = [3, 0, 3, -1, 4, 2, 1000];
  it('gathers along every axis; out of range is 0', () => {
    for (const shape of [[4], [4, 3], [2, 4, 5], [3, 4, 130]]) {
      const axis = shape.indexOf(4);
      const x = random(backend, shape, 9);
      for (const indexShape of [[7], [7, 1]]) {
        const indices = upload(backend, indexShape, picks, 'int32');
        const out = {
          shape: [...shape.slice(0, axis), ...indexShape, ...shape.slice(axis + 1)],
          dtype: 'float32',
        } as const;
        const expected = each(out.shape, (index) => {
          const k = at(indices, index.slice(axis, axis + indexShape.length));
          const from = [...index.slice(0, axis), k, ...index.slice(axis + indexShape.length)];
          return k < 0 || k >= 4 ? 0 : read(x, from);
        });
        expectSame(backend.gather(x, indices, axis, out).data, expected);
      }
    }
  });

  it('gathers with a scalar index, and from nothing', () => {
    const x = random(backend, [3, 2], 1);
    const y = backend.gather(x, upload(backend, [], [1], 'int32'), 0, { shape: [2], dtype: 'float32' });
    expectSame(y.data, x.handle.data.slice(2, 4));
    const empty = upload(backend, [0, 2], []);
    const z = backend.gather(empty, upload(backend, [1], [0], 'int32'), 0, { shape: [1, 2], dtype: 'float32' });
    expectSame(z.data, [0, 0]);
  });

  it('adds in the order of the indices, in double precision; out of range is dropped', () => {
    for (const shape of [[4], [4, 3], [2, 4, 5]]) {
      const axis = shape.indexOf(4);
      const indices = upload(backend, [7], picks, 'int32');
      const updates = random(backend, shape.with(axis, 7), 4);
      const out = { shape, dtype: 'float32' } as const;
      const expected = each(shape, (index) => {
        let sum = 0;
        picks.forEach((k, i) => (sum += k === index[axis] ? read(updates, index.with(axis, i)) : 0));
        return Math.fround(sum);
      });
      expectSame(backend.scatterAdd(updates, indices, axis, out).data, expected);
    }
    const same = upload(backend, [4], [1, 1, 1, 1], 'int32');
    const y = backend.scatterAdd(upload(backend, [4], [1e8, 1, 1, -1e8]), same, 0, { shape: [2], dtype: 'float32' });
    expectSame(y.data, [0, 2]);
  });
});
