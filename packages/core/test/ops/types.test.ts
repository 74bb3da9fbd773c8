/** What the types refuse before anything runs: checked when the tests are type-checked. */
import { expect, expectTypeOf, it } from 'vitest';
import { activation, add, argMax, cast, equal, maximum, mul, tensor, where, type Tensor } from '../../src/index.js';

type Floats = Tensor<'float32'>;

it('dtypes are precise', () => {
  expectTypeOf(add<'float32'>).returns.toEqualTypeOf<Floats>();
  expectTypeOf((x: Floats) => add(x, 1)).returns.toEqualTypeOf<Floats>();
  expectTypeOf((x: Tensor<'int32'>) => mul(2, x)).returns.toEqualTypeOf<Tensor<'int32'>>();
  expectTypeOf((x: Floats) => equal(x, 1)).returns.toEqualTypeOf<Tensor<'bool'>>();
  expectTypeOf((x: Floats) => argMax(x)).returns.toEqualTypeOf<Tensor<'int32'>>();
  expectTypeOf((x: Tensor) => cast(x, 'bool')).returns.toEqualTypeOf<Tensor<'bool'>>();
  expectTypeOf((c: Tensor<'bool'>, x: Tensor<'int32'>) => where(c, 0, x)).returns.toEqualTypeOf<Tensor<'int32'>>();
  expectTypeOf(() => tensor([], [0, 3])).returns.toEqualTypeOf<Floats>();
  expectTypeOf(() => tensor([true])).returns.toEqualTypeOf<Tensor<'bool'>>();
  expect.assertions(0);
});

it('two dtypes, and names that are none, do not compile', () => {
  const refused = (x: Floats, i: Tensor<'int32'>, b: Tensor<'bool'>): void => {
    // @ts-expect-error float32 and int32
    add(x, i);
    // @ts-expect-error int32 and float32
    maximum(i, x);
    // @ts-expect-error float32 and int32
    where(b, x, i);
    // @ts-expect-error a condition is bool
    where(x, x, x);
    // @ts-expect-error no activation
    activation('tahn');
  };
  expect(typeof refused).toBe('function');
});
