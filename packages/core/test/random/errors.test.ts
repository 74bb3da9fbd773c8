/** Every bad option is refused by a typed error that names the function and the value. */
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/errors.js';
import * as random from '../../src/random/index.js';

type Refusal = readonly [what: string, op: string, facts: object, act: () => unknown, code?: string];

// What a program without types could pass.
const wrong = <T>(value: unknown): T => value as T;

function seeds(op: string, act: (seed: number) => unknown): Refusal[] {
  return [1.5, NaN, Infinity, 2 ** 53, wrong<number>('42')].map((seed) => [
    `seed ${String(seed)}`,
    op,
    { seed },
    () => act(seed),
  ]);
}

function shapes(op: string, act: (shape: readonly number[]) => unknown): Refusal[] {
  return [[-1], [2, 1.5], [NaN], [2, Infinity], wrong<number[]>(5), wrong<number[]>(['3'])].map((shape) => [
    `shape ${JSON.stringify(shape)}`,
    op,
    { shape },
    () => act(shape),
  ]);
}

function normals(op: string, act: (options: { mean?: number; stddev?: number }) => unknown): Refusal[] {
  return [{ mean: NaN }, { mean: -Infinity }, { stddev: NaN }, { stddev: -0.1 }, { stddev: Infinity }].map(
    (options) => [`${Object.keys(options)[0]} ${Object.values(options)[0]}`, op, options, () => act(options)],
  );
}

function ranges(op: string, act: (options: { minval?: number; maxval?: number }) => unknown): Refusal[] {
  return [{ minval: NaN }, { maxval: Infinity }, { minval: 3, maxval: 2 }].map((options) => [
    JSON.stringify(options),
    op,
    options,
    () => act(options),
  ]);
}

const scaled = [
  ['glorotUniform', random.glorotUniform],
  ['glorotNormal', random.glorotNormal],
  ['heUniform', random.heUniform],
  ['heNormal', random.heNormal],
  ['lecunUniform', random.lecunUniform],
  ['lecunNormal', random.lecunNormal],
  ['varianceScaling', random.varianceScaling],
] as const;

const refusals: Refusal[] = [
  ...seeds('uniform', (seed) => random.uniform([2], { seed })),
  ...shapes('uniform', (shape) => random.uniform(shape, { seed: 1 })),
  ...ranges('uniform', (options) => random.uniform([2], { ...options, seed: 1 })),
  [
    'dtype int8',
    'uniform',
    { dtype: 'int8' },
    () => random.uniform([2], { dtype: wrong<'float32'>('int8') }),
    'UNKNOWN_NAME',
  ],
  ['a bad draw', 'uniform', { seed: 0.5 }, () => random.uniform([2], { seed: [1, 0.5] })],
  ...seeds('normal', (seed) => random.normal([2], { seed })),
  ...shapes('normal', (shape) => random.normal(shape, { seed: 1 })),
  ...normals('normal', (options) => random.normal([2], { ...options, seed: 1 })),
  [
    'dtype int8',
    'normal',
    { dtype: 'int8' },
    () => random.normal([2], { dtype: wrong<'float32'>('int8') }),
    'UNKNOWN_NAME',
  ],
  ...seeds('truncatedNormal', (seed) => random.truncatedNormal([2], { seed })),
  ...shapes('truncatedNormal', (shape) => random.truncatedNormal(shape, { seed: 1 })),
  ...normals('truncatedNormal', (options) => random.truncatedNormal([2], { ...options, seed: 1 })),
  [
    'dtype',
    'truncatedNormal',
    { dtype: 'f4' },
    () => random.truncatedNormal([2], { dtype: wrong<'float32'>('f4'), seed: 1 }),
    'UNKNOWN_NAME',
  ],
  ...seeds('randint', (seed) => random.randint([2], 0, 9, { seed })),
  ...shapes('randint', (shape) => random.randint(shape, 0, 9, { seed: 1 })),
  ['no values', 'randint', { minval: 4, maxval: 4 }, () => random.randint([2], 4, 4, { seed: 1 })],
  ['a fraction', 'randint', { minval: 0.5 }, () => random.randint([2], 0.5, 4, { seed: 1 })],
  ['beyond int32', 'randint', { maxval: 2147483648 }, () => random.randint([2], 0, 2147483648, { seed: 1 })],
  ...seeds('dropoutMask', (seed) => random.dropoutMask(seed, [2], 0.5)),
  ...shapes('dropoutMask', (shape) => random.dropoutMask([1, 0], shape, 0.5)),
  ...[-0.1, 1.1, NaN, wrong<number>('x')].map((rate): Refusal => [
    `rate ${rate}`,
    'dropoutMask',
    { rate },
    () => random.dropoutMask([1, 0], [2], rate),
  ]),
  ...seeds('seedGenerator', random.seedGenerator),
  ...seeds('setRandomSeed', random.setRandomSeed),
  ['negative', 'setRandomSeed', { seed: -1 }, () => random.setRandomSeed(-1)],
  ['more than 32 bits', 'setRandomSeed', { seed: 4294967296 }, () => random.setRandomSeed(4294967296)],
  ...seeds('tfRandom', random.tfRandom),
  ...shapes('tfRandom.normal', (shape) => random.tfRandom(1).normal(shape)),
  ...shapes('tfRandom.truncatedNormal', (shape) => random.tfRandom(1).truncatedNormal(shape)),
  ...shapes('tfRandom.uniform', (shape) => random.tfRandom(1).uniform(shape)),
  ...normals('tfRandom.normal', (options) => random.tfRandom(1).normal([2], options)),
  ...normals('tfRandom.truncatedNormal', (options) => random.tfRandom(1).truncatedNormal([2], options)),
  ...ranges('tfRandom.uniform', (options) => random.tfRandom(1).uniform([2], options)),
  ...seeds('randomUniform', (seed) => random.randomUniform({ seed })),
  ...ranges('randomUniform', (options) => random.randomUniform({ ...options, seed: 1 })),
  ...shapes('randomUniform', random.randomUniform({ seed: 1 })),
  ...seeds('randomNormal', (seed) => random.randomNormal({ seed })),
  ...normals('randomNormal', (options) => random.randomNormal({ ...options, seed: 1 })),
  ...shapes('randomNormal', random.randomNormal({ seed: 1 })),
  ...seeds('truncatedNormalInitializer', (seed) => random.truncatedNormalInitializer({ seed })),
  ...normals('truncatedNormalInitializer', (options) => random.truncatedNormalInitializer({ ...options, seed: 1 })),
  ...shapes('truncatedNormalInitializer', random.truncatedNormalInitializer({ seed: 1 })),
  ...scaled.flatMap(([op, factory]): Refusal[] => [
    ...seeds(op, (seed) => factory({ seed })),
    ...shapes(op, factory({ seed: 1 })),
    ['inputAxes alone', op, { inputAxes: [0] }, () => factory({ seed: 1, inputAxes: [0] })],
    ['an axis too far', op, { axis: 2 }, () => factory({ seed: 1 })([4, 5], { inputAxes: [0], outputAxes: [2] })],
  ]),
  ...[0, -1, NaN, Infinity].map((scale): Refusal => [
    `scale ${scale}`,
    'varianceScaling',
    { scale },
    () => random.varianceScaling({ scale }),
  ]),
  ['mode', 'varianceScaling', { mode: 'fan' }, () => random.varianceScaling({ mode: wrong('fan') }), 'UNKNOWN_NAME'],
  [
    'law',
    'varianceScaling',
    { distribution: 'x' },
    () => random.varianceScaling({ distribution: wrong('x') }),
    'UNKNOWN_NAME',
  ],
  ...seeds('orthogonal', (seed) => random.orthogonal({ seed })),
  ...shapes('orthogonal', random.orthogonal({ seed: 1 })),
  ['gain NaN', 'orthogonal', { gain: NaN }, () => random.orthogonal({ gain: NaN })],
  ['a vector', 'orthogonal', { shape: [4] }, () => random.orthogonal({ seed: 1 })([4])],
  ['gain NaN', 'identity', { gain: NaN }, () => random.identity({ gain: NaN })],
  ['rank 3', 'identity', { shape: [2, 2, 2] }, () => random.identity()([2, 2, 2])],
  ['value NaN', 'constant', { value: NaN }, () => random.constant({ value: NaN })],
  ['value text', 'constant', { value: '1' }, () => random.constant({ value: wrong('1') })],
  ...shapes('constant', random.constant({ value: 2 })),
  ...shapes('zerosInitializer', random.zerosInitializer()),
  ...shapes('onesInitializer', random.onesInitializer()),
];

describe('refused', () => {
  const all = refusals.map(([what, op, facts, act, code = 'ARGUMENT']) => [what, op, facts, act, code] as const);
  it.each(all)('%s by %s', (_, op, facts, act, code) => {
    let thrown: unknown;
    try {
      act();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ArgumentError);
    expect(thrown).toMatchObject({ code, op, facts, hint: expect.stringMatching(/./) });
  });
});

it('a refused seed leaves the sequence where it was', () => {
  random.setRandomSeed(42);
  expect(() => random.setRandomSeed(-1)).toThrow(ArgumentError);
  expect(() => random.uniform([2], { minval: NaN })).toThrow(ArgumentError);
  expect(() => random.glorotUniform({ inputAxes: [0] })).toThrow(ArgumentError);
  expect(random.nextSeed()).toBe(686579304);
});
