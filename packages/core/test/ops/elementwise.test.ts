/** Element-wise ops: values from their definitions, broadcasting both sides, numbers as operands, NaN, ±∞ and −0. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import { scope, tensor, useBackend, type DType, type Shape, type Tensor } from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';
import { broadcast, expectElements, numbersOf, reader } from './oracle.js';
import { randomTensors } from './random-tensors.js';

await useBackend(float64Backend());

const specials = [-Infinity, -1e300, -7.5, -1, -0.3, -1e-300, -0, 0, 1e-300, 0.3, 1, 2.5, 1e300, Infinity, NaN];

type Unary = (x: Tensor<'float32'>) => Tensor;
const unary: Record<string, [Unary, (x: number) => number]> = {
  neg: [core.neg, (x) => -x],
  abs: [core.abs, Math.abs],
  square: [core.square, (x) => x * x],
  sqrt: [core.sqrt, Math.sqrt],
  exp: [core.exp, Math.exp],
  expm1: [core.expm1, Math.expm1],
  log: [core.log, Math.log],
  log1p: [core.log1p, Math.log1p],
  sin: [core.sin, Math.sin],
  cos: [core.cos, Math.cos],
  tanh: [core.tanh, Math.tanh],
  sigmoid: [core.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  floor: [core.floor, Math.floor],
  sign: [core.sign, Math.sign],
  exponential: [core.exponential, Math.exp],
  linear: [core.linear, (x) => x],
  stopGradient: [core.stopGradient, (x) => x],
  'cast to itself': [(x) => core.cast(x, 'float32'), (x) => x],
  'cast to int32': [
    (x) => core.cast(core.clip(x, -9, 9), 'int32'),
    (x) => Math.trunc(Math.max(Math.min(x, 9), -9)) | 0,
  ],
  'cast to bool': [(x) => core.cast(x, 'bool'), (x) => Number(x !== 0)],
  'clip at ±1': [(x) => core.clip(x, -1, 1), (x) => Math.max(Math.min(x, 1), -1)],
  'clip at infinity': [(x) => core.clip(x, -Infinity, Infinity), (x) => x],
};

describe('functions of one tensor', () => {
  for (const [name, [op, f]] of Object.entries(unary)) {
    it(name, () => {
      scope(() => expectElements(op(tensor(specials)), [specials.length], (i) => f(specials[i]!)));
      for (const shape of [[], [1], [3, 5], [0, 3], [2, 1, 3], [2, 3, 1, 2], [1, 2, 3, 1, 2]]) {
        scope(() => {
          const x = randomTensors(name).floats(shape);
          const at = reader(x);
          expectElements(op(x), shape, (...index) => f(at(...index)));
        });
      }
    });
  }

  it('erf', () => {
    // Abramowitz & Stegun, table 7.1, to more digits.
    const known = [0, 0.1124629160182849, 0.5204998778130465, 0.8427007929497149, 0.9953222650189527];
    scope(() => {
      expectElements(core.erf(tensor([0, 0.1, 0.5, 1, 2])), [5], (i) => known[i]!, true);
      expect(numbersOf(core.erf(tensor([-Infinity, Infinity, NaN])))).toEqual([-1, 1, NaN]);
    });
  });

  it('int32 where there is a meaning', () => {
    scope(() => {
      const x = tensor([-3, 0, 7], [3], { dtype: 'int32' });
      expect(numbersOf(core.neg(x))).toEqual([3, 0, -7]);
      expect(numbersOf(core.abs(x))).toEqual([3, 0, 7]);
      expect(numbersOf(core.square(x))).toEqual([9, 0, 49]);
      expect(numbersOf(core.sign(x))).toEqual([-1, 0, 1]);
      expect(numbersOf(core.clip(x, -1, 2))).toEqual([-1, 0, 2]);
      expect(core.clip(x, -1, 2).dtype).toBe('int32');
    });
  });

  it('logicalNot', () => {
    scope(() => expect(numbersOf(core.logicalNot(tensor([true, false])))).toEqual([0, 1]));
  });
});

type Binary = (a: Tensor<'float32'> | number, b: Tensor<'float32'> | number) => Tensor;
const binary: Record<string, [unknown, (a: number, b: number) => number, DType]> = {
  add: [core.add, (a, b) => a + b, 'float32'],
  sub: [core.sub, (a, b) => a - b, 'float32'],
  mul: [core.mul, (a, b) => a * b, 'float32'],
  div: [core.div, (a, b) => a / b, 'float32'],
  pow: [core.pow, (a, b) => a ** b, 'float32'],
  maximum: [core.maximum, Math.max, 'float32'],
  minimum: [core.minimum, Math.min, 'float32'],
  equal: [core.equal, (a, b) => Number(a === b), 'bool'],
  notEqual: [core.notEqual, (a, b) => Number(a !== b), 'bool'],
  less: [core.less, (a, b) => Number(a < b), 'bool'],
  lessEqual: [core.lessEqual, (a, b) => Number(a <= b), 'bool'],
  greater: [core.greater, (a, b) => Number(a > b), 'bool'],
  greaterEqual: [core.greaterEqual, (a, b) => Number(a >= b), 'bool'],
};

/** Two shapes of rank 0 to 5 that broadcast, lengths 0 to 3. */
const shapePairs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('both', 'left', 'right')), { maxLength: 5 })
  .chain((axes) => fc.tuple(fc.constant(axes), fc.nat(axes.length), fc.nat(axes.length)))
  .map(([axes, cutA, cutB]): [Shape, Shape] => [
    axes.map(([n, one]) => (one === 'left' ? 1 : n)).slice(Math.min(cutA, cutB) === cutA ? 0 : cutA),
    axes.map(([n, one]) => (one === 'right' ? 1 : n)).slice(Math.min(cutA, cutB) === cutA ? cutB : 0),
  ]);

describe('functions of two tensors', () => {
  for (const [name, [given, f, dtype]] of Object.entries(binary)) {
    const op = given as Binary;
    it(`${name}: every pair of special values`, () => {
      scope(() => {
        const a = tensor(specials, [specials.length, 1]);
        const z = op(a, tensor(specials));
        expect(z.dtype).toBe(dtype);
        expectElements(z, [specials.length, specials.length], (i, j) => f(specials[i]!, specials[j]!));
      });
    });

    it(`${name}: a number on either side`, () => {
      scope(() => {
        expectElements(op(tensor(specials), 0.3), [specials.length], (i) => f(specials[i]!, 0.3));
        expectElements(op(-0, tensor(specials)), [specials.length], (i) => f(-0, specials[i]!));
        expectElements(op(tensor(2), Infinity), [], () => f(2, Infinity));
      });
    });

    it(`${name}: shapes that broadcast`, () => {
      const random = randomTensors(name);
      fc.assert(
        fc.property(shapePairs, ([shapeA, shapeB]) => {
          scope(() => {
            const [a, b] = [random.floats(shapeA), random.floats(shapeB)];
            const [atA, atB] = [reader(a), reader(b)];
            const { shape, into } = broadcast(shapeA, shapeB);
            expectElements(op(a, b), shape, (...index) => f(atA(...into(shapeA, index)), atB(...into(shapeB, index))));
          });
        }),
        { numRuns: 40, seed: 7 },
      );
    });
  }

  it('int32', () => {
    scope(() => {
      const a = tensor([7, -7, 2], [3], { dtype: 'int32' });
      const b = tensor([[2], [-3]], undefined, { dtype: 'int32' });
      for (const name of ['add', 'sub', 'mul', 'maximum', 'minimum', 'equal', 'less', 'greaterEqual'] as const) {
        const z = (core[name] as (x: Tensor, y: Tensor | number) => Tensor)(a, b);
        const f = binary[name]![1];
        expectElements(z, [2, 3], (i, j) => f([7, -7, 2][j]!, [2, -3][i]!));
      }
      expect(core.add(a, b).dtype).toBe('int32');
      expect(core.add(a, 1).dtype).toBe('int32');
      expect(core.mul(2, a).dtype).toBe('int32');
    });
  });

  it('bool: and, or, equal, not equal', () => {
    scope(() => {
      const a = tensor([[false], [true]]);
      const b = tensor([false, true]);
      expect(numbersOf(core.logicalAnd(a, b))).toEqual([0, 0, 0, 1]);
      expect(numbersOf(core.logicalOr(a, b))).toEqual([0, 1, 1, 1]);
      expect(numbersOf(core.equal(a, b))).toEqual([1, 0, 0, 1]);
      expect(numbersOf(core.notEqual(a, b))).toEqual([0, 1, 1, 0]);
      expect(numbersOf(core.equal(b, 1))).toEqual([0, 1]);
    });
  });
});

describe('where', () => {
  it('chooses, broadcasting all three', () => {
    scope(() => {
      const random = randomTensors('where');
      const cond = random.bools([3, 1]);
      const a = random.floats([2, 1, 5]);
      const b = random.floats([]);
      const [c, x, y] = [reader(cond), reader(a), reader(b)];
      expectElements(core.where(cond, a, b), [2, 3, 5], (i, j, k) => (c(j!, 0) ? x(i!, 0, k!) : y()));
    });
  });

  it('takes numbers on either side, and every dtype', () => {
    scope(() => {
      const cond = tensor([true, false]);
      expect(numbersOf(core.where(cond, tensor([1.5, 2.5]), -Infinity))).toEqual([1.5, -Infinity]);
      expect(numbersOf(core.where(cond, 7, tensor([1, 2], [2], { dtype: 'int32' })))).toEqual([7, 2]);
      expect(numbersOf(core.where(cond, tensor([false, false]), cond))).toEqual([0, 0]);
      expect(core.where(cond, 7, tensor([1, 2], [2], { dtype: 'int32' })).dtype).toBe('int32');
    });
  });

  it('is not touched by what it does not choose', () => {
    scope(() => {
      const cond = tensor([true, false]);
      expect(numbersOf(core.where(cond, tensor([1, NaN]), tensor([NaN, 2])))).toEqual([1, 2]);
    });
  });
});
