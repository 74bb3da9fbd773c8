/** Shapes, pairs of shapes that broadcast, and tensors of them, as fast-check draws and shrinks them. */
import * as fc from 'fast-check';
import { grad, mul, sum, tensor, type Shape, type Tensor } from '../../src/index.js';
import { numbersOf } from '../ops/oracle.js';
import { randomTensors } from '../ops/random-tensors.js';

export type Floats = Tensor<'float32'>;

/** The same cases in every run, and few enough to be quick. */
export const often = { seed: 20261123, numRuns: 60 } as const;

/** Ranks from 0 to 5, with axes of 0 now and then. */
export const shape = (rank: { min?: number; max?: number } = {}, shortest = 0): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: shortest, max: 3 }), { minLength: rank.min ?? 0, maxLength: rank.max ?? 5 });

/** A shape and two that broadcast to it: each axis is long in at least one of them. */
export const broadcasting = (longest = 5): fc.Arbitrary<{ out: number[]; a: number[]; b: number[] }> =>
  shape({ max: longest }).chain((out) =>
    fc
      .tuple(
        fc.array(fc.constantFrom('both', 'a', 'b'), { minLength: out.length, maxLength: out.length }),
        fc.nat({ max: out.length }),
        fc.boolean(),
      )
      .map(([owners, missing, ofA]) => {
        const side = (own: 'a' | 'b'): number[] =>
          out.map((n, i) =>
            owners[i] === 'both' || owners[i] === own || (i < missing && ofA !== (own === 'a')) ? n : 1,
          );
        const sides = { a: side('a'), b: side('b') };
        return ofA ? { out, a: sides.a.slice(missing), b: sides.b } : { out, a: sides.a, b: sides.b.slice(missing) };
      }),
  );

/** Numbers away from 0, other ones for each name. */
export const floats = (name: string, of: Shape): Floats => randomTensors(name).awayFromZero(of);

/** The gradients of Σ y·g, with random unequal g, as numbers. */
export function gradients(f: (xs: readonly Floats[]) => Floats, xs: readonly Floats[]): number[][] {
  const weigh = (y: Floats): Floats => sum(mul(y, floats('cotangent', y.shape)));
  return grad((given: readonly Floats[]) => weigh(f(given)))(xs).map((g) => numbersOf(g));
}

export const plain = (x: Floats): { shape: Shape; data: number[] } => ({ shape: x.shape, data: numbersOf(x) });

/** Equal up to the order of additions. */
export function near(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((v, i) => Math.abs(v - b[i]!) <= 1e-12 * (1 + Math.abs(b[i]!)));
}

export const ints = (data: readonly number[]): Tensor<'int32'> => tensor(Int32Array.from(data), [data.length]);
