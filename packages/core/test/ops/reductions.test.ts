/** Reductions against their definitions, over every set of axes. */
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import { scope, tensor, useBackend, type ReduceOptions, type Shape, type Tensor } from '../../src/index.js';
import { each, float64Backend } from '../float64-backend.js';
import { expectElements, numbersOf, reader } from './oracle.js';
import { randomTensors } from './random-tensors.js';

await useBackend(float64Backend());

type Reduction = (x: Tensor<'float32'>, options?: ReduceOptions) => Tensor;
const reductions: Record<string, [Reduction, (xs: number[]) => number]> = {
  sum: [core.sum, (xs) => xs.reduce((a, b) => a + b, 0)],
  mean: [core.mean, (xs) => xs.reduce((a, b) => a + b, 0) / xs.length],
  max: [core.max, (xs) => Math.max(...xs)],
  min: [core.min, (xs) => Math.min(...xs)],
  logSumExp: [core.logSumExp, (xs) => Math.log(xs.reduce((a, x) => a + Math.exp(x), 0))],
};
const axisSets: (readonly number[])[] = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

/** The elements of x that end up in one element of the result. */
function group(x: Tensor, axes: readonly number[], kept: readonly number[]): number[] {
  const at = reader(x);
  const found: number[] = [];
  each(x.shape, (index) => {
    if (index.every((n, axis) => axes.includes(axis) || n === kept[axis])) found.push(at(...index));
  });
  return found;
}

describe('reductions', () => {
  for (const [name, [op, f]] of Object.entries(reductions)) {
    it(`${name} over every set of axes`, () => {
      scope(() => {
        const x = randomTensors(name).floats([2, 3, 5]);
        for (const axes of axisSets) {
          const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n));
          expectElements(op(x, { axis: axes, keepDims: true }), kept, (...index) => f(group(x, axes, index)), true);
          const numbers = numbersOf(op(x, { axis: axes, keepDims: true }));
          const dropped = op(x, { axis: axes.map((a) => a - 3) });
          expect(dropped.shape).toEqual(x.shape.filter((_, i) => !axes.includes(i)));
          expect(numbersOf(dropped)).toEqual(numbers);
        }
        expect(numbersOf(op(x))).toEqual(numbersOf(op(x, { axis: [2, 1, 0] })));
        expect(numbersOf(op(x, { axis: 1 }))).toEqual(numbersOf(op(x, { axis: [1] })));
        expect(op(x, { keepDims: true }).shape).toEqual([1, 1, 1]);
      });
    });

    it(`${name} of a scalar`, () => {
      scope(() => expectElements(op(tensor(-1.75)), [], () => -1.75, true));
    });
  }

  it('hand NaN and infinity on', () => {
    scope(() => {
      const x = tensor([[1, NaN], [-Infinity, 2], [Infinity, -Infinity]]); // prettier-ignore
      expect(numbersOf(core.sum(x, { axis: 1 }))).toEqual([NaN, -Infinity, NaN]);
      expect(numbersOf(core.mean(x, { axis: 1 }))).toEqual([NaN, -Infinity, NaN]);
      expect(numbersOf(core.max(x, { axis: 1 }))).toEqual([NaN, 2, Infinity]);
      expect(numbersOf(core.min(x, { axis: 1 }))).toEqual([NaN, -Infinity, -Infinity]);
      expect(numbersOf(core.logSumExp(x, { axis: 1 }))).toEqual([NaN, 2, Infinity]);
    });
  });

  it('logSumExp does not overflow, and has a value for −∞ alone', () => {
    scope(() => {
      const y = numbersOf(core.logSumExp(tensor([[1000, 1000], [-1000, -1000], [-Infinity, -Infinity]]), { axis: 1 })); // prettier-ignore
      expect(y[0]).toBeCloseTo(1000 + Math.LN2, 12);
      expect(y[1]).toBeCloseTo(-1000 + Math.LN2, 12);
      expect(y[2]).toBe(-Infinity);
    });
  });

  it('nothing: the sum is 0, and lengths of 0 elsewhere do no harm', () => {
    scope(() => {
      const empty = tensor([], [3, 0]);
      expect(numbersOf(core.sum(empty))).toEqual([0]);
      expect(numbersOf(core.sum(empty, { axis: 1 }))).toEqual([0, 0, 0]);
      expect(core.sum(empty, { axis: 0 }).shape).toEqual([0]);
      expect(core.max(empty, { axis: 0 }).shape).toEqual([0]);
      expect(core.mean(empty, { axis: 0 }).shape).toEqual([0]);
      expect(core.logSumExp(empty, { axis: 0 }).shape).toEqual([0]);
      expect(core.argMax(empty, { axis: 0 }).shape).toEqual([0]);
    });
  });

  it('int32', () => {
    scope(() => {
      const x = tensor([[3, -7, 5], [0, 2, -1]], undefined, { dtype: 'int32' }); // prettier-ignore
      expect(numbersOf(core.sum(x, { axis: 1 }))).toEqual([1, 1]);
      expect(numbersOf(core.max(x, { axis: 0 }))).toEqual([3, 2, 5]);
      expect(numbersOf(core.min(x))).toEqual([-7]);
      expect(core.sum(x).dtype).toBe('int32');
    });
  });
});

describe('any and all', () => {
  it('over axes, and over nothing', () => {
    scope(() => {
      const x = tensor([[true, false, true], [false, false, true]]); // prettier-ignore
      expect(numbersOf(core.any(x))).toEqual([1]);
      expect(numbersOf(core.all(x))).toEqual([0]);
      expect(numbersOf(core.any(x, { axis: 0 }))).toEqual([1, 0, 1]);
      expect(numbersOf(core.all(x, { axis: 0, keepDims: true }))).toEqual([0, 0, 1]);
      expect(core.all(x, { axis: 0, keepDims: true }).shape).toEqual([1, 3]);
      expect(core.any(x).dtype).toBe('bool');
      const empty = tensor([], [2, 0], { dtype: 'bool' });
      expect(numbersOf(core.any(empty, { axis: 1 }))).toEqual([0, 0]);
      expect(numbersOf(core.all(empty, { axis: 1 }))).toEqual([1, 1]);
      expect(numbersOf(core.any(tensor(true)))).toEqual([1]);
    });
  });
});

describe('argMax and argMin', () => {
  it('take the lowest index among equals, and the first NaN', () => {
    scope(() => {
      const x = tensor([[2, 5, 5, 1, 1], [3, NaN, 9, NaN, -9], [0, 0, 0, 0, 0]]); // prettier-ignore
      expect(numbersOf(core.argMax(x, { axis: 1 }))).toEqual([1, 1, 0]);
      expect(numbersOf(core.argMin(x, { axis: -1 }))).toEqual([3, 1, 0]);
      expect(core.argMin(x, { axis: -1 }).dtype).toBe('int32');
    });
  });

  it('along each axis, and over all elements', () => {
    scope(() => {
      const x = randomTensors('argMax').floats([2, 3, 5]);
      const at = reader(x);
      const line = (n: number, f: (k: number) => number): number[] => Array.from({ length: n }, (_, k) => f(k));
      const best = (xs: number[]): number => xs.indexOf(Math.max(...xs));
      const least = (xs: number[]): number => xs.indexOf(Math.min(...xs));
      expectElements(core.argMax(x, { axis: 0 }), [3, 5], (j, k) => best(line(2, (i) => at(i, j!, k!))));
      expectElements(core.argMin(x, { axis: 1, keepDims: true }), [2, 1, 5], (i, _, k) =>
        least(line(3, (j) => at(i!, j, k!))),
      );
      expect(numbersOf(core.argMax(x))).toEqual([best(numbersOf(x))]);
      expect(core.argMax(x, { keepDims: true }).shape).toEqual([1, 1, 1]);
      expect(numbersOf(core.argMax(tensor(4)))).toEqual([0]);
      expect(numbersOf(core.argMin(tensor([4, -2], [2], { dtype: 'int32' })))).toEqual([1]);
    });
  });
});

describe('softmax and logSoftmax', () => {
  const shapes: Shape[] = [[5], [3, 5], [2, 3, 5], [1, 1]];

  it('from the definition, along every axis', () => {
    scope(() => {
      for (const shape of shapes) {
        for (let axis = 0; axis < shape.length; axis++) {
          const x = randomTensors(`softmax ${shape}`).floats(shape);
          const at = reader(x);
          const p = (...index: number[]): number =>
            Math.exp(at(...index)) / group(x, [axis], index).reduce((a, v) => a + Math.exp(v), 0);
          expectElements(core.softmax(x, axis), shape, p, true);
          expectElements(core.softmax(x, axis - shape.length), shape, p, true);
          expectElements(core.logSoftmax(x, axis), shape, (...index) => Math.log(p(...index)), true);
        }
      }
    });
  });

  it('is the last axis by default', () => {
    scope(() => {
      const x = randomTensors('default').floats([3, 5]);
      expect(numbersOf(core.softmax(x))).toEqual(numbersOf(core.softmax(x, 1)));
      expect(numbersOf(core.logSoftmax(x))).toEqual(numbersOf(core.logSoftmax(x, 1)));
    });
  });

  it('is shifted, so that nothing overflows', () => {
    scope(() => {
      expect(numbersOf(core.softmax(tensor([1000, 1000, -1000])))).toEqual([0.5, 0.5, 0]);
      expect(numbersOf(core.logSoftmax(tensor([0, -1000])))).toEqual([0, -1000]);
    });
  });

  it('follows IEEE where there is no weight', () => {
    scope(() => {
      const x = tensor([[1, NaN], [1, Infinity], [-Infinity, -Infinity], [-Infinity, 0]]); // prettier-ignore
      expect(numbersOf(core.softmax(x))).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, 0, 1]);
      expect(numbersOf(core.logSoftmax(x))).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, -Infinity, 0]);
    });
  });

  it('of nothing is nothing', () => {
    scope(() => {
      for (const shape of [[3, 0], [0, 3], [0]]) {
        expect(core.softmax(tensor([], shape)).shape).toEqual(shape);
        expect(core.logSoftmax(tensor([], shape)).shape).toEqual(shape);
      }
    });
  });
});
