/** What @recurra/core/random answers to bad input: draws, seeds and initializers. */
import * as random from '@recurra/core/random';
import {
  entry,
  notNumbers,
  notShapes,
  notWhole,
  optionAt,
  optionsAt,
  refuses,
  refusesCalls,
  strange,
  works,
  type Arguments,
  type Catalogue,
  type Entry,
  type Rows,
} from './row.js';

const entries: Record<string, Entry> = {};
function add(names: string, good: Arguments, rows: readonly Rows[], op?: string): void {
  for (const name of names.split(' ')) entries[name] = entry(random[name as keyof typeof random], good, rows, op);
}
function addCall(name: string, call: unknown, good: Arguments, rows: readonly Rows[], op?: string): void {
  entries[name] = entry(call, good, rows, op);
}

const shapeAt = (at: number, more: readonly unknown[] = [undefined]): Rows[] => [
  refuses(at, 'shape is not a list of whole numbers, none negative', 'ARGUMENT', [...more, ...notShapes]),
  refuses(at, 'more than 2³¹ − 1 elements', 'TOO_LARGE', [[2 ** 31], [2 ** 20, 2 ** 20], [2 ** 52, 2 ** 52]]),
];
const infinite = [NaN, Infinity, -Infinity];
const notFinite = [...notNumbers, ...infinite];
const seeds = [...notWhole.filter((v) => !Array.isArray(v)), 2 ** 53, '42'];
const pairs = [[1], [1, 0.5], ['1', 0], [1, null], [1n, 0n]];
const nothing = works('a shape without elements, [0, 3]', 'no numbers', () => [[[0, 3]]], []);
const mean = (at: number): Rows[] => [
  optionAt(at, 'mean', 'is not a finite number', 'ARGUMENT', notFinite),
  optionAt(at, 'stddev', 'is not a finite number, or negative', 'ARGUMENT', [...notFinite, -0.1]),
];
const range = (at: number): Rows[] => [
  optionAt(at, 'minval', 'is not a finite number, or above maxval', 'ARGUMENT', [...notFinite, 9]),
  optionAt(at, 'maxval', 'is not a finite number, or below minval', 'ARGUMENT', [...notFinite, -9]),
];
const dtypes = optionAt(1, 'dtype', 'is not the name of one', 'UNKNOWN_NAME', [
  ...notNumbers.filter((v) => v !== null),
  'float',
  'int32',
]);
const seedOption = (at: number): Rows =>
  optionAt(at, 'seed', 'is neither a whole number nor a pair of them', 'ARGUMENT', [...seeds, ...pairs]);
const ownSeed = (at: number): Rows => optionAt(at, 'seed', 'is not a whole number', 'ARGUMENT', [...seeds, [1, 2]]);

add('uniform', () => [[2, 3], { minval: -1, maxval: 1, seed: 7 }], [
  ...shapeAt(0),
  optionsAt(1, 'minvl'),
  ...range(1),
  dtypes,
  seedOption(1),
  nothing,
]);
add('normal truncatedNormal', () => [[2, 3], { mean: 1, stddev: 2, seed: 7 }], [
  ...shapeAt(0),
  optionsAt(1, 'std'),
  ...mean(1),
  dtypes,
  seedOption(1),
  nothing,
]);
add('randint', () => [[2, 3], 0, 9, { seed: 7 }], [
  ...shapeAt(0),
  refuses(1, 'minval is not a whole number of 32 bits, or not below maxval', 'ARGUMENT', [
    undefined,
    ...notWhole,
    9,
    -(2 ** 31) - 1,
  ]),
  refuses(2, 'maxval is not a whole number of 32 bits, or not above minval', 'ARGUMENT', [
    undefined,
    ...notWhole,
    0,
    2 ** 31,
  ]),
  optionsAt(3, 'sed'),
  seedOption(3),
]);
add('dropoutMask', () => [[7, 0], [2, 3], 0.5], [
  refuses(0, 'seed is neither a whole number nor a pair of them', 'ARGUMENT', [undefined, ...seeds, ...pairs]),
  ...shapeAt(1),
  refuses(2, 'rate is not a number from 0 to 1', 'ARGUMENT', [undefined, ...notNumbers, NaN, -0.1, 1.1, Infinity]),
  works('a rate of 0', 'keeps everything', () => [[1, [2], 0]], [1, 1]),
  works('a rate of 1', 'keeps nothing', () => [[1, [2], 1]], [0, 0]),
]);
add('setRandomSeed', () => [42], [
  refuses(0, 'seed is not a whole number from 0 to 2³² − 1', 'ARGUMENT', [undefined, ...seeds, -1, 2 ** 32]),
]);
addCall(
  'nextSeed',
  () => (random.setRandomSeed(42), random.nextSeed()),
  () => [],
  [],
);
addCall(
  'seedGenerator',
  (seed: number) => random.seedGenerator(seed).next(),
  () => [7],
  [refuses(0, 'seed is not a whole number', 'ARGUMENT', [...seeds, [1, 2]])],
);
add('tfRandom', () => [7], [refuses(0, 'seed is not a whole number', 'ARGUMENT', [undefined, ...seeds, [1, 2]])]);
for (const name of ['normal', 'truncatedNormal', 'uniform'] as const) {
  const numbers = name === 'uniform' ? range(1) : mean(1);
  addCall(
    `tfRandom(…).${name}`,
    (shape: number[], options?: object) => random.tfRandom(7)[name](shape, options),
    () => [[2, 3]],
    [...shapeAt(0), optionsAt(1, 'seed'), ...numbers],
    `tfRandom.${name}`,
  );
}

// An initializer is made, then called: `make` does both, with the shape and fan axes of the call last.
type Factory = (options?: object) => random.Initializer;
function addInitializer(name: string, options: object | undefined, rows: readonly Rows[], shape = [3, 4]): void {
  const factory = random[name as 'identity'] as Factory;
  const call = (how: object, of: number[], axes: random.FanAxes): unknown => factory(how)(of, axes);
  addCall(name, call, () => [options, shape], [...rows, ...shapeAt(1)]);
}
addInitializer('zerosInitializer', undefined, []);
addInitializer('onesInitializer', undefined, []);
addInitializer('constant', { value: 0.5 }, [
  optionsAt(0, 'vlaue'),
  optionAt(0, 'value', 'is not a number', 'ARGUMENT', [...notNumbers, NaN]),
]);
addInitializer('identity', { gain: 2 }, [
  optionsAt(0, 'gian'),
  optionAt(0, 'gain', 'is not a finite number', 'ARGUMENT', notFinite),
  refuses(1, 'the shape is not a matrix', 'ARGUMENT', [[3], [], [2, 2, 2]]),
]);
addInitializer('orthogonal', { gain: 2, seed: 7 }, [
  optionsAt(0, 'gian'),
  optionAt(0, 'gain', 'is not a finite number', 'ARGUMENT', notFinite),
  ownSeed(0),
  refuses(1, 'the shape has fewer than two axes', 'ARGUMENT', [[3], []]),
]);
addInitializer('randomUniform', { minval: -1, maxval: 1, seed: 7 }, [optionsAt(0, 'minvl'), ...range(0), ownSeed(0)]);
addInitializer('randomNormal', { mean: 1, stddev: 2, seed: 7 }, [optionsAt(0, 'std'), ...mean(0), ownSeed(0)]);
addInitializer('truncatedNormalInitializer', { mean: 1, stddev: 2, seed: 7 }, [
  optionsAt(0, 'std'),
  ...mean(0),
  ownSeed(0),
]);
const fanAxes: Rows[] = [
  optionAt(0, 'inputAxes', 'without outputAxes', 'ARGUMENT', [[0]]),
  refusesCalls('fan axes that are no lists, or are not there', 'ARGUMENT', () =>
    [3, 'text', null, Symbol('axes'), [2], [0.5], ['0'], [1n], [Symbol('axis')], [undefined]].map((axes) => [
      { seed: 7, inputAxes: axes, outputAxes: [1] },
      [3, 4],
    ]),
  ),
  refuses(2, 'fan axes of the call that are none', 'ARGUMENT', [3, 'text', {}, { inputAxes: 3, outputAxes: 3 }]),
];
for (const name of ['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'lecunUniform', 'lecunNormal'])
  addInitializer(name, { seed: 7 }, [optionsAt(0, 'sed'), ownSeed(0), ...fanAxes]);
addInitializer('varianceScaling', { seed: 7, scale: 2 }, [
  optionsAt(0, 'scael'),
  ownSeed(0),
  optionAt(0, 'scale', 'is not a finite number above 0', 'ARGUMENT', [...notFinite, 0, -1]),
  optionAt(0, 'mode', 'is none of the modes', 'UNKNOWN_NAME', [...notNumbers, 'fan']),
  optionAt(0, 'distribution', 'is none of the distributions', 'UNKNOWN_NAME', [...notNumbers, 'norm']),
  ...fanAxes,
]);
addCall(
  'initializer',
  (name: 'zeros', op: string) => random.initializer(name, op)([2]),
  () => ['zeros', 'op'],
  [
    refuses(0, 'a name that does not exist, or no name', 'UNKNOWN_NAME', [
      undefined,
      ...strange,
      {},
      [],
      3,
      'glorotUnifrom',
      '__proto__',
    ]),
  ],
  'op',
);
addCall(
  'drawnValues',
  random.drawnValues,
  () => ['op', random.onesInitializer(), [2, 3]],
  [
    ...shapeAt(2),
    refuses(1, 'an initializer that does not give a Float32Array with a number for each element', 'ARGUMENT', [
      () => undefined,
      () => [1, 2, 3, 4, 5, 6],
      () => new Float64Array(6),
      () => new Float32Array(5),
    ]),
  ],
  'op',
);
export const coreRandom: Catalogue = { exports: random, entries };
