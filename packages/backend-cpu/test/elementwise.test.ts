/** unary, binary, compare, where, cast and fill, against one multi-index at a time. */
import type { BinaryOp, CompareOp, UnaryOp } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { cpu } from '../src/index.js';
import { at, erf, expectClose, expectSame, numbers, random, sizeOf, unravel, upload, type X } from './support.js';

const backend = cpu();
const sizes = [1, 3, 5, 17, 130];

/** Nearest double, from the engine's own functions where they are good to an ulp of a double. */
const unaries: Partial<Record<UnaryOp, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sin: Math.sin,
  cos: Math.cos,
  erf,
  floor: Math.floor,
  sign: Math.sign,
};
const edges = [0, -0, 1, -1, 0.5, -2.5, 1e-30, -1e-30, 3e38, -3e38, Infinity, -Infinity, NaN];

describe('unary', () => {
  for (const [op, f] of Object.entries(unaries) as [UnaryOp, (x: number) => number][]) {
    it(`${op} at odd sizes and at the edges`, () => {
      for (const n of sizes) {
        const x = random(backend, [n], n, 3);
        expectClose(numbers(backend.unary(op, x, x)), numbers(x).map(f), 1e-7);
      }
      const far = op === 'sin' || op === 'cos' ? 1e6 : op === 'erf' ? 4 : Infinity;
      const finite = edges.filter((v) => !(Math.abs(v) > far));
      const x = upload(backend, [finite.length], finite);
      expectClose(
        numbers(backend.unary(op, x, x)),
        numbers(x).map((v) => Math.fround(f(v))),
        1e-7,
      );
    });
  }

  it('keeps the sign of zero', () => {
    const zeros = upload(backend, [2], [0, -0]);
    for (const op of ['sqrt', 'floor', 'sign', 'tanh', 'expm1', 'log1p', 'sin', 'erf'] as const) {
      expectSame(backend.unary(op, zeros, zeros).data, [0, -0]);
    }
    expectSame(backend.unary('neg', zeros, zeros).data, [-0, 0]);
    expectSame(backend.unary('abs', zeros, zeros).data, [0, 0]);
  });

  it('erf is odd, and right where tables are', () => {
    const x = upload(backend, [7], [0.5, 1, 2, -1, 4, Infinity, NaN]);
    const table = [0.5204998778130465, 0.8427007929497149, 0.9953222650189527, -0.8427007929497149, 1, 1, NaN];
    expectClose(numbers(backend.unary('erf', x, x)), table, 1e-7);
  });

  it('works on int32 and bool', () => {
    const x = upload(backend, [4], [3, -4, 0, -2147483648], 'int32');
    expectSame(backend.unary('neg', x, x).data, [-3, 4, 0, -2147483648]);
    expectSame(backend.unary('abs', x, x).data, [3, 4, 0, -2147483648]);
    expectSame(backend.unary('square', x, x).data, [9, 16, 0, 0]);
    expectSame(backend.unary('sign', x, x).data, [1, -1, 0, -1]);
    const b = upload(backend, [2], [0, 1], 'bool');
    expectSame(backend.unary('logicalNot', b, b).data, [1, 0]);
  });
});

const binaries: Partial<Record<BinaryOp, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  // IEEE's: the language differs where |x| is 1 and y is infinite or NaN.
  pow: (x, y) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y),
  maximum: Math.max,
  minimum: Math.min,
};
/** Pairs of shapes and what they broadcast to. */
const shapes: [number[], number[], number[]][] = [
  [[], [], []],
  [[17], [17], [17]],
  [[], [5, 3], [5, 3]],
  [
    [5, 3],
    [1, 1],
    [5, 3],
  ],
  [[5, 3], [3], [5, 3]],
  [
    [5, 1],
    [1, 17],
    [5, 17],
  ],
  [
    [2, 1, 3],
    [5, 1],
    [2, 5, 3],
  ],
  [
    [130, 1],
    [130, 3],
    [130, 3],
  ],
  [
    [2, 3, 1, 2, 1, 3],
    [1, 3, 5, 1, 2, 3],
    [2, 3, 5, 2, 2, 3],
  ],
  [[0, 3], [3], [0, 3]],
  [[1], [0], [0]],
];
const pairwise = (a: X, b: X, shape: number[], f: (x: number, y: number) => number): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => f(at(a, unravel(i, shape)), at(b, unravel(i, shape))));

describe('binary and compare', () => {
  for (const [op, f] of Object.entries(binaries) as [BinaryOp, (x: number, y: number) => number][]) {
    it(`${op} broadcasts`, () => {
      shapes.forEach(([sa, sb, shape], seed) => {
        const positive = op === 'pow' ? 'abs' : 'neg';
        const raw = random(backend, sa, seed, 2);
        const a = { ...raw, handle: backend.unary(positive, raw, raw) };
        const b = random(backend, sb, seed + 100, 2);
        expectClose(numbers(backend.binary(op, a, b, { shape, dtype: 'float32' })), pairwise(a, b, shape, f), 1e-7);
      });
    });
    it(`${op} at the edges`, () => {
      const a = upload(backend, [edges.length, 1], edges);
      const b = upload(backend, [edges.length], edges);
      const shape = [edges.length, edges.length];
      const expected = pairwise(a, b, shape, (x, y) => Math.fround(f(x, y)));
      expectClose(numbers(backend.binary(op, a, b, { shape, dtype: 'float32' })), expected, 1e-7);
    });
  }

  it('int32 is exact and wraps around', () => {
    const a = upload(backend, [6], [16777215, -16777215, 7, 2147483647, 46341, 2147483647], 'int32');
    const b = upload(backend, [6], [1, -1, -3, 1, 46341, 2147483647], 'int32');
    const out = { shape: [6], dtype: 'int32' } as const;
    expectSame(backend.binary('add', a, b, out).data, [16777216, -16777216, 4, -2147483648, 92682, -2]);
    expectSame(backend.binary('sub', a, b, out).data, [16777214, -16777214, 10, 2147483646, 0, 0]);
    expectSame(backend.binary('mul', a, b, out).data, [16777215, 16777215, -21, 2147483647, -2147479015, 1]);
    expectSame(backend.binary('maximum', a, b, out).data, [16777215, -1, 7, 2147483647, 46341, 2147483647]);
    expectSame(backend.binary('minimum', a, b, out).data, [1, -16777215, -3, 1, 46341, 2147483647]);
  });

  it('bool has and, or', () => {
    const a = upload(backend, [2, 1], [0, 1], 'bool');
    const b = upload(backend, [2], [0, 1], 'bool');
    const out = { shape: [2, 2], dtype: 'bool' } as const;
    expectSame(backend.binary('logicalAnd', a, b, out).data, [0, 0, 0, 1]);
    expectSame(backend.binary('logicalOr', a, b, out).data, [0, 1, 1, 1]);
  });

  const compares: Record<CompareOp, (x: number, y: number) => number> = {
    equal: (x, y) => +(x === y),
    less: (x, y) => +(x < y),
    lessEqual: (x, y) => +(x <= y),
  };
  for (const [op, f] of Object.entries(compares) as [CompareOp, (x: number, y: number) => number][]) {
    it(`${op} for every dtype, NaN and −0`, () => {
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const values = dtype === 'float32' ? edges : dtype === 'int32' ? [3, -2, 0, 3] : [0, 1, 1];
        const a = upload(backend, [values.length, 1], values, dtype);
        const b = upload(backend, [values.length], values, dtype);
        const shape = [values.length, values.length];
        expectSame(backend.compare(op, a, b, { shape, dtype: 'bool' }).data, pairwise(a, b, shape, f));
      }
    });
  }
});

describe('where, cast, fill', () => {
  it('where broadcasts all three, and NaN that is not chosen has no influence', () => {
    const shape = [3, 5, 2];
    const cond = upload(backend, [3, 1, 2], [1, 0, 0, 1, 1, 1], 'bool');
    const a = random(backend, [5, 1], 3);
    const b = upload(backend, [], [NaN]);
    const expected = Array.from({ length: 30 }, (_, i) => {
      const index = unravel(i, shape);
      return at(cond, index) ? at(a, index) : NaN;
    });
    expectSame(backend.where(cond, a, b, { shape, dtype: 'float32' }).data, expected);
    const ints = backend.where(cond, upload(backend, [], [7], 'int32'), upload(backend, [2], [-1, -2], 'int32'), {
      shape: [3, 1, 2],
      dtype: 'int32',
    });
    expectSame(ints.data, [7, -2, -1, 7, 7, 7]);
  });

  it('casts toward zero, and NaN to 0', () => {
    const x = upload(backend, [8], [1.9, -1.9, 0.5, -0.5, NaN, -0, 16777215, -16777215]);
    expectSame(backend.cast(x, { shape: [8], dtype: 'int32' }).data, [1, -1, 0, 0, 0, 0, 16777215, -16777215]);
    expectSame(backend.cast(x, { shape: [8], dtype: 'bool' }).data, [1, 1, 1, 1, 1, 0, 1, 1]);
    const i = upload(backend, [3], [-5, 0, 256], 'int32');
    expectSame(backend.cast(i, { shape: [3], dtype: 'float32' }).data, [-5, 0, 256]);
    expectSame(backend.cast(i, { shape: [3], dtype: 'bool' }).data, [1, 0, 1]);
    const b = upload(backend, [2], [1, 0], 'bool');
    expectSame(backend.cast(b, { shape: [2], dtype: 'int32' }).data, [1, 0]);
    expectSame(backend.cast(b, { shape: [2], dtype: 'float32' }).data, [1, 0]);
    expect(backend.cast(x, x)).not.toBe(x.handle);
    expect(backend.cast(x, x).data).not.toBe(x.handle.data);
  });

  it('fills', () => {
    expectSame(backend.fill(2.5, { shape: [3], dtype: 'float32' }).data, [2.5, 2.5, 2.5]);
    expectSame(backend.fill(-0, { shape: [], dtype: 'float32' }).data, [-0]);
    expectSame(backend.fill(NaN, { shape: [1], dtype: 'float32' }).data, [NaN]);
    expectSame(backend.fill(-7, { shape: [2], dtype: 'int32' }).data, [-7, -7]);
    expectSame(backend.fill(1, { shape: [2, 0], dtype: 'bool' }).data, []);
  });
});
