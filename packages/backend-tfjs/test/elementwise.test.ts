/** unary, binary, compare, where, cast and fill, against one element at a time. */
import '@tensorflow/tfjs-backend-cpu';
import type { BinaryOp, CompareOp, DType, UnaryOp } from '@recurra/core';
import { describe, it } from 'vitest';
import { tfjs } from '../src/index.js';
import { at, each, expectClose, expectSame, expectUlps, float, put, random, sizeOf, take } from './support.js';

const on = await tfjs({ engine: 'cpu' });
const specials = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 3, -2, 1e-30, -1e30];

/** erf x by its series with positive terms, to double precision. */
function erf(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) > 6) return Math.sign(x);
  let term = 1;
  let sum = 1;
  for (let n = 3; term > 1e-17 * sum; n += 2) sum += term *= (2 * x * x) / n;
  return ((2 / Math.sqrt(Math.PI)) * x * sum) / Math.exp(x * x);
}

const unaries: Readonly<Record<Exclude<UnaryOp, 'logicalNot'>, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  erf,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sin: Math.sin,
  cos: Math.cos,
  floor: Math.floor,
  sign: Math.sign,
};

describe('unary', () => {
  const moderate = Array.from({ length: 400 }, (_, i) => (i - 200) / 23 + 1e-3);
  const small = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 10 ** (-i / 4));

  it.each(Object.entries(unaries) as [UnaryOp, (x: number) => number][])('%s', (op, f) => {
    const x = put(on, [473], [...moderate, ...small, ...specials]);
    const y = take(on, on.unary(op, x, x), x);
    // erf's formula from 1/2 on is right to 1.5e-7; everything else to a unit in the last place or so.
    const ulps = op === 'erf' ? 5 : 1.5;
    expectUlps(
      y,
      x.data.map((v) => Math.fround(f(v))),
      ulps,
    );
  });

  it('of nothing, of a scalar, of six axes', () => {
    for (const shape of [[0], [2, 0, 3], [], [1, 2, 1, 3, 2, 2]]) {
      const x = random(on, shape, 3);
      expectClose(take(on, on.unary('tanh', x, x), x), x.data.map(Math.tanh));
    }
  });

  it('keeps int32 and bool', () => {
    const x = put(on, [5], [-3, 0, 7, -1, 4000], 'int32');
    for (const op of ['neg', 'abs', 'square', 'sign'] as const)
      expectSame(take(on, on.unary(op, x, x), x), x.data.map(unaries[op]));
    const b = put(on, [2], [1, 0], 'bool');
    expectSame(take(on, on.unary('logicalNot', b, b), b), [0, 1]);
  });
});

// IEEE 754 has 1 where JavaScript's ** has NaN.
const pow = (a: number, b: number): number => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);

const binaries: Readonly<Record<Exclude<BinaryOp, 'logicalAnd' | 'logicalOr'>, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow,
  maximum: Math.max,
  minimum: Math.min,
};
const compares: Readonly<Record<CompareOp, (a: number, b: number) => boolean>> = {
  equal: (a, b) => a === b,
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
};
const pairs: readonly [number[], number[], number[]][] = [
  [[], [], []],
  [[3], [], [3]],
  [
    [2, 1, 3],
    [4, 1],
    [2, 4, 3],
  ],
  [
    [5, 1],
    [1, 4],
    [5, 4],
  ],
  [
    [1, 1, 3],
    [2, 1],
    [1, 2, 3],
  ],
  [[0, 3], [1], [0, 3]],
  [
    [1, 2, 1, 3, 1, 2],
    [2, 1, 2, 1, 3, 1],
    [2, 2, 2, 3, 3, 2],
  ],
];

describe('binary and compare', () => {
  it.each(Object.entries(binaries) as [keyof typeof binaries, (a: number, b: number) => number][])('%s', (op, f) => {
    for (const [p, q, shape] of pairs) {
      const a = random(on, p, 1);
      const b = random(on, q, 2);
      const e = each(shape, (i) => Math.fround(f(at(a, i), at(b, i))));
      expectClose(take(on, on.binary(op, a, b, float(shape)), float(shape)), e);
    }
    const a = put(on, [13, 1], specials);
    const b = put(on, [13], specials);
    const e = each([13, 13], (i) => Math.fround(f(at(a, i), at(b, i))));
    expectClose(take(on, on.binary(op, a, b, float([13, 13])), float([13, 13])), e);
  });

  it.each(Object.entries(compares) as [CompareOp, (a: number, b: number) => boolean][])('%s', (op, f) => {
    for (const dtype of ['float32', 'int32'] as const) {
      for (const [p, q, shape] of pairs) {
        const a = random(on, p, 1, dtype);
        const b = random(on, q, 2, dtype);
        const out = { shape, dtype: 'bool' } as const;
        expectSame(
          take(on, on.compare(op, a, b, out), out),
          each(shape, (i) => Number(f(at(a, i), at(b, i)))),
        );
      }
    }
    const a = put(on, [13, 1], specials);
    const b = put(on, [13], specials);
    const out = { shape: [13, 13], dtype: 'bool' } as const;
    expectSame(
      take(on, on.compare(op, a, b, out), out),
      each([13, 13], (i) => Number(f(at(a, i), at(b, i)))),
    );
  });

  it('int32 and bool', () => {
    const a = random(on, [3, 1], 5, 'int32');
    const b = random(on, [4], 6, 'int32');
    const out = { shape: [3, 4], dtype: 'int32' } as const;
    for (const op of ['add', 'sub', 'mul', 'maximum', 'minimum'] as const) {
      expectSame(
        take(on, on.binary(op, a, b, out), out),
        each([3, 4], (i) => binaries[op](at(a, i), at(b, i))),
      );
    }
    const p = put(on, [2, 1], [0, 1], 'bool');
    const q = put(on, [2], [0, 1], 'bool');
    const bits = { shape: [2, 2], dtype: 'bool' } as const;
    expectSame(take(on, on.binary('logicalAnd', p, q, bits), bits), [0, 0, 0, 1]);
    expectSame(take(on, on.binary('logicalOr', p, q, bits), bits), [0, 1, 1, 1]);
    expectSame(take(on, on.compare('equal', p, q, bits), bits), [1, 0, 0, 1]);
  });
});

describe('where', () => {
  it.each(['float32', 'int32', 'bool'] as const)('broadcasts all three, %s', (dtype) => {
    for (const [p, q, r, shape] of [
      [[], [], [], []],
      [[3], [3], [3], [3]],
      [[2, 1, 3], [], [4, 1], [2, 4, 3]],
      [[1], [5, 1], [1, 4], [5, 4]],
      [[0, 1], [1], [], [0, 1]],
      [[2, 1, 1, 3, 1], [2, 1, 2, 1, 3, 1], [2], [2, 2, 2, 3, 3, 2]],
    ] as const) {
      const cond = random(on, p, 1, 'bool');
      const a = random(on, q, 2, dtype);
      const b = random(on, r, 3, dtype);
      const out = { shape, dtype };
      const e = each(shape, (i) => (at(cond, i) === 1 ? at(a, i) : at(b, i)));
      expectSame(take(on, on.where(cond, a, b, out), out), e);
    }
  });

  it('is not touched by what it does not choose', () => {
    const cond = put(on, [4], [1, 0, 1, 0], 'bool');
    const a = put(on, [4], [1, NaN, Infinity, -Infinity]);
    expectSame(take(on, on.where(cond, a, put(on, [], [2]), a), a), [1, 2, Infinity, 2]);
    expectSame(take(on, on.where(cond, put(on, [], [2]), a, a), a), [2, NaN, 2, -Infinity]);
  });
});

describe('cast and fill', () => {
  const dtypes: readonly DType[] = ['float32', 'int32', 'bool'];
  it('between all dtypes: truncates toward zero, asks x ≠ 0', () => {
    const numbers = {
      float32: [-2.7, -0.5, 0, 0.25, 0.99, 3.99, -1e6, 256],
      int32: [-2, 0, 1, 256, 65536],
      bool: [1, 0],
    };
    const to = { float32: (v: number) => v, int32: Math.trunc, bool: (v: number) => Number(v !== 0) };
    for (const from of dtypes) {
      for (const dtype of dtypes) {
        const x = put(on, [numbers[from].length], numbers[from], from);
        const out = { shape: x.shape, dtype };
        expectSame(
          take(on, on.cast(x, out), out),
          x.data.map((v) => to[dtype](v)),
        );
      }
    }
    const odd = put(on, [3], [NaN, Infinity, -0]);
    const out = { shape: [3], dtype: 'bool' } as const;
    expectSame(take(on, on.cast(odd, out), out), [1, 1, 0]);
  });

  it('a bool cast to float32 computes as float32', () => {
    const b = put(on, [2, 3], [1, 0, 1, 1, 0, 0], 'bool');
    const x = { handle: on.cast(b, float([2, 3])), ...float([2, 3]) };
    expectSame(take(on, on.unary('neg', x, x), x), [-1, 0, -1, -1, 0, 0]);
    expectSame(take(on, on.slice(x, [1, 0], [1, 1], float([1, 3])), float([1, 3])), [1, 0, 0]);
    expectSame(take(on, on.concat([x, x], 1, float([2, 6])), float([2, 6])), [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0]);
    expectSame(take(on, x.handle, x), [1, 0, 1, 1, 0, 0]);
  });

  it('fills', () => {
    for (const [value, dtype] of [
      [NaN, 'float32'],
      [-Infinity, 'float32'],
      [0.1, 'float32'],
      [-7, 'int32'],
      [1, 'bool'],
    ] as const) {
      for (const shape of [[], [3], [0, 2], [2, 1, 2, 1, 2, 1]]) {
        const e = Array.from({ length: sizeOf(shape) }, () => (dtype === 'float32' ? Math.fround(value) : value));
        expectSame(take(on, on.fill(value, { shape, dtype }), { shape, dtype }), e);
      }
    }
  });
});
