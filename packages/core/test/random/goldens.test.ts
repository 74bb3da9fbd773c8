/** Every random function against numbers that the real Keras drew. */
import { describe, expect, it } from 'vitest';
import { philoxBlock } from '../../src/random/philox.js';
import { pythonRandint, pythonTwister } from '../../src/random/twister.js';
import * as random from '../../src/random/index.js';
import { expectBits, expectClose, goldenCases, title, type GoldenCase } from './golden-cases.js';

type Shape = readonly number[];

const initializers = {
  zeros: random.zerosInitializer,
  ones: random.onesInitializer,
  constant: random.constant,
  identity: random.identity,
  glorot_uniform: random.glorotUniform,
  glorot_normal: random.glorotNormal,
  he_uniform: random.heUniform,
  he_normal: random.heNormal,
  lecun_uniform: random.lecunUniform,
  lecun_normal: random.lecunNormal,
  random_uniform: random.randomUniform,
  random_normal: random.randomNormal,
  truncated_normal: random.truncatedNormalInitializer,
  variance_scaling: random.varianceScaling,
  orthogonal: random.orthogonal,
};

/** Keras's options by their names here. */
function options(args: GoldenCase['args']): object {
  const entries = Object.entries(args).filter(([key]) => key !== 'shape');
  return Object.fromEntries(entries.map(([key, value]) => [key.replace('_axes', 'Axes'), value]));
}

describe('initializers are Keras’s bit for bit', () => {
  const exact = goldenCases(...Object.keys(initializers)).filter(({ value }) => value.every === undefined);
  it.each(exact.map((golden) => [title(golden), golden] as const))('%s', (_, golden) => {
    const factory = initializers[golden.name as keyof typeof initializers] as (o: object) => random.Initializer;
    expectBits(factory(options(golden.args))(golden.args.shape as Shape), golden);
  });

  it.each(['glorot_uniform', 'glorot_normal', 'he_uniform', 'he_normal', 'lecun_uniform', 'lecun_normal'] as const)(
    '%s takes the axes from the layer too',
    (name) => {
      const withAxes = goldenCases(name).filter(({ args }) => args.input_axes !== undefined);
      expect(withAxes).toHaveLength(2);
      for (const golden of withAxes) {
        const { seed, inputAxes, outputAxes } = options(golden.args) as Record<'seed', number> &
          Record<'inputAxes' | 'outputAxes', number[]>;
        const shape = golden.args.shape as Shape;
        expectBits(initializers[name]({ seed })(shape, { inputAxes, outputAxes }), golden);
        // Axes of its own come first.
        expectBits(
          initializers[name]({ seed, inputAxes, outputAxes })(shape, { inputAxes: [1], outputAxes: [] }),
          golden,
        );
      }
    },
  );
});

describe('orthogonal from 48 on', () => {
  const blocked = goldenCases('orthogonal').filter(({ value }) => value.every !== undefined);
  it.each(blocked.map((golden) => [title(golden), golden] as const))('%s within 1e-6', (_, golden) => {
    expectClose(random.orthogonal(options(golden.args))(golden.args.shape as Shape), golden, 1e-6);
  });
});

describe('keras.random', () => {
  const draws = {
    'keras.random.uniform': random.uniform,
    'keras.random.normal': random.normal,
    'keras.random.truncated_normal': random.truncatedNormal,
  };
  it.each(goldenCases(...Object.keys(draws)).map((golden) => [title(golden), golden] as const))('%s', (_, golden) => {
    const draw = draws[golden.name as keyof typeof draws];
    const numbers = draw(golden.args.shape as Shape, options(golden.args));
    // A last bit of the logarithm or the sine in double, times √(−2 ln 1e-7) · stddev at most.
    if (golden.args.dtype === 'float64' && draw !== random.uniform) expectClose(numbers, golden, 2e-15);
    else expectBits(numbers, golden);
  });

  it.each(goldenCases('keras.random.randint').map((golden) => [title(golden), golden] as const))('%s', (_, golden) => {
    const { shape, minval, maxval, seed } = golden.args as { shape: Shape } & Record<
      'minval' | 'maxval' | 'seed',
      number
    >;
    expectBits(random.randint(shape, minval, maxval, { seed }), golden);
  });

  it.each(goldenCases('dropout_ones').map((golden) => [title(golden), golden] as const))('%s', (_, golden) => {
    const { seed, shape, rate } = golden.args as { seed: [number, number]; shape: Shape; rate: number };
    expectBits(random.dropoutMask(seed, shape, rate), golden);
  });
});

describe('streams', () => {
  it.each(goldenCases('philox words').map((golden) => [title(golden), golden] as const))('%s', (_, golden) => {
    const { key, high, block } = golden.args as { key: [number, number]; high: [number, number]; block: number };
    const stream = { key0: key[0], key1: key[1], high0: high[0], high1: high[1] };
    const words = new Uint32Array(16);
    for (let b = 0; b < 4; b++) philoxBlock(stream, block + b, words, 4 * b);
    expectBits(words, golden);
  });

  it('philox gives the known answer of its authors for key 0 and counter 0', () => {
    const words = new Uint32Array(4);
    philoxBlock({ key0: 0, key1: 0, high0: 0, high1: 0 }, 0, words);
    expect([...words]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  it.each(goldenCases('python random.Random.randint').map((golden) => [title(golden), golden] as const))(
    '%s',
    (_, golden) => {
      const { seed, low, high } = golden.args as Record<'seed' | 'low' | 'high', number>;
      const twister = pythonTwister(seed);
      expectBits(
        Int32Array.from({ length: 1500 }, () => pythonRandint(twister, low, high)),
        golden,
      );
    },
  );

  it.each([42, 0, 7, -7, 2147483647, 4294967297])('tf.random after set_seed(%i)', (seed) => {
    const calls = goldenCases('tf.random').filter(({ args }) => args.set_seed === seed);
    expect(calls.map(({ args }) => args.call)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const stream = random.tfRandom(seed);
    const draws = { normal: stream.normal, uniform: stream.uniform, truncated_normal: stream.truncatedNormal };
    for (const golden of calls) {
      const draw = draws[golden.args.op as keyof typeof draws];
      const { shape, op: _, call: __, set_seed: ___, ...how } = golden.args;
      expectBits(draw(shape as Shape, how), golden);
    }
  });
});
