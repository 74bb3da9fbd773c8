/** gather, scatterAdd, oneHot and matmul against their definitions. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather, matmul, mul, oneHot, scatterAdd, scope, sum, tensor, useBackend } from '../../src/index.js';
import { each, float64Backend } from '../float64-backend.js';
import { broadcast, expectElements, numbersOf, reader } from './oracle.js';
import { randomTensors } from './random-tensors.js';

await useBackend(float64Backend());

const lengths = fc.integer({ min: 0, max: 4 });
const cases = fc
  .record({
    shape: fc.array(lengths, { minLength: 1, maxLength: 4 }),
    indices: fc.array(lengths, { maxLength: 2 }),
    seed: fc.string(),
  })
  .chain((c) => fc.record({ ...mapped(c), axis: fc.nat(c.shape.length - 1) }));
function mapped<T extends object>(value: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fc.constant(v)])) as never;
}

describe('gather', () => {
  it('puts the axes of the indices in the place of an axis; 0 out of range', () => {
    fc.assert(
      fc.property(cases, ({ shape, indices, axis, seed }) => {
        scope(() => {
          const random = randomTensors(seed);
          const x = random.floats(shape);
          const picks = random.ints(indices, -2, shape[axis]! + 2);
          const [at, pick] = [reader(x), reader(picks)];
          expectElements(gather(x, picks, axis), shape.toSpliced(axis, 1, ...indices), (...index) => {
            const k = pick(...index.slice(axis, axis + indices.length));
            return k >= 0 && k < shape[axis]! ? at(...index.toSpliced(axis, indices.length, k)) : 0;
          });
        });
      }),
      { seed: 5 },
    );
  });

  it('takes every dtype, and rows by default', () => {
    scope(() => {
      const indices = tensor(Int32Array.of(1, 0, 1));
      expect(numbersOf(gather(tensor([true, false]), indices))).toEqual([0, 1, 0]);
      expect(gather(tensor([5, 6], [2], { dtype: 'int32' }), indices).dtype).toBe('int32');
      expect(numbersOf(gather(tensor([[1, 2], [3, 4]]), indices))).toEqual([3, 4, 1, 2, 3, 4]); // prettier-ignore
      expect(numbersOf(gather(tensor([[1, 2], [3, 4]]), indices, -1))).toEqual([2, 1, 2, 4, 3, 4]); // prettier-ignore
    });
  });
});

describe('scatterAdd', () => {
  it('is the transpose of gather: Σ u·gather(x) = Σ scatterAdd(u)·x', () => {
    fc.assert(
      fc.property(cases, ({ shape, indices, axis, seed }) => {
        scope(() => {
          const random = randomTensors(seed);
          const x = random.floats(shape);
          const picks = random.ints(indices, -2, shape[axis]! + 2);
          const u = random.floats(shape.toSpliced(axis, 1, ...indices));
          const y = scatterAdd(u, picks, shape[axis]!, axis);
          expect(y.shape).toEqual(shape);
          expect(numbersOf(sum(mul(y, x)))[0]).toBeCloseTo(numbersOf(sum(mul(u, gather(x, picks, axis))))[0]!, 10);
        });
      }),
      { seed: 5 },
    );
  });

  it('adds up what goes to the same place, and drops what goes nowhere', () => {
    scope(() => {
      const updates = tensor([[1, 2], [4, 8], [16, 32], [64, 128]]); // prettier-ignore
      expect(numbersOf(scatterAdd(updates, tensor(Int32Array.of(2, 0, 2, 3)), 3))).toEqual([4, 8, 0, 0, 17, 34]);
      expect(numbersOf(scatterAdd(tensor([3, 5], [2], { dtype: 'int32' }), tensor(Int32Array.of(1, 1)), 2))).toEqual([
        0, 8,
      ]);
      expect(numbersOf(scatterAdd(tensor(7), tensor(1, [], { dtype: 'int32' }), 3))).toEqual([0, 7, 0]);
    });
  });
});

describe('oneHot', () => {
  it('is 1 at the index, and nothing out of range', () => {
    scope(() => {
      const indices = tensor([[2, -1, 0], [3, 1, 9]], undefined, { dtype: 'int32' }); // prettier-ignore
      const at = reader(indices);
      expectElements(oneHot(indices, 4), [2, 3, 4], (i, j, k) => Number(at(i!, j!) === k));
      expectElements(oneHot(indices, 4, 0), [4, 2, 3], (k, i, j) => Number(at(i!, j!) === k));
      expectElements(oneHot(indices, 4, -2), [2, 4, 3], (i, k, j) => Number(at(i!, j!) === k));
      expect(oneHot(indices, 0).shape).toEqual([2, 3, 0]);
      expect(oneHot(indices, 4).dtype).toBe('float32');
      expect(numbersOf(oneHot(tensor(1, [], { dtype: 'int32' }), 3))).toEqual([0, 1, 0]);
    });
  });
});

describe('matmul', () => {
  const leads = [[], [2], [1, 3], [2, 1], [2, 3], [0]];
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      it(`${transposeA ? 'Aᵀ' : 'A'}·${transposeB ? 'Bᵀ' : 'B'}, leading axes broadcasting`, () => {
        const random = randomTensors(`matmul ${transposeA} ${transposeB}`);
        const [m, n] = [3, 5];
        for (const inner of [0, 1, 4]) {
          for (const leadA of leads) {
            for (const leadB of leads) {
              const fits = leadA.every((_, i) => {
                const [p, q] = [leadA.at(-1 - i)!, leadB.at(-1 - i) ?? 1];
                return p === q || p === 1 || q === 1;
              });
              if (!fits) continue;
              scope(() => {
                const a = random.floats([...leadA, ...(transposeA ? [inner, m] : [m, inner])]);
                const b = random.floats([...leadB, ...(transposeB ? [n, inner] : [inner, n])]);
                const [atA, atB] = [reader(a), reader(b)];
                const { shape, into } = broadcast(leadA, leadB);
                const C = matmul(a, b, { transposeA, transposeB });
                expectElements(
                  C,
                  [...shape, m, n],
                  (...index) => {
                    const [i, j] = index.slice(-2) as [number, number];
                    const lead = index.slice(0, -2);
                    let total = 0;
                    each([inner], ([k]) => {
                      const left = transposeA ? [k!, i] : [i, k!];
                      const right = transposeB ? [j, k!] : [k!, j];
                      total += atA(...into(leadA, lead), ...left) * atB(...into(leadB, lead), ...right);
                    });
                    return total;
                  },
                  true,
                );
              });
            }
          }
        }
      });
    }
  }

  it('lets NaN and infinity through', () => {
    scope(() => {
      expect(numbersOf(matmul(tensor([[0, 1]]), tensor([[NaN], [2]])))).toEqual([NaN]);
      expect(numbersOf(matmul(tensor([[0, 1]]), tensor([[Infinity], [2]])))).toEqual([NaN]);
      expect(numbersOf(matmul(tensor([[1, 1]]), tensor([[Infinity], [2]])))).toEqual([Infinity]);
    });
  });
});
