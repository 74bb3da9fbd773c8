/** What holds for initializers beside their numbers: no state, names, orthonormal rows or columns. */
import { describe, expect, it } from 'vitest';
import * as random from '../../src/random/index.js';

const factories: readonly [string, () => random.Initializer][] = [
  ['glorotUniform', random.glorotUniform],
  ['glorotNormal', random.glorotNormal],
  ['heUniform', random.heUniform],
  ['heNormal', random.heNormal],
  ['lecunUniform', random.lecunUniform],
  ['lecunNormal', random.lecunNormal],
  ['randomUniform', random.randomUniform],
  ['randomNormal', random.randomNormal],
  ['truncatedNormal', random.truncatedNormalInitializer],
  ['varianceScaling', random.varianceScaling],
  ['orthogonal', random.orthogonal],
];

describe.each(factories)('%s', (_, factory) => {
  it('has no state: the same numbers at every call, in a new array', () => {
    const initialize = factory();
    const first = initialize([5, 3]);
    initialize([2, 7]);
    const again = initialize([5, 3]);
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
    first.fill(0);
    expect(initialize([5, 3])).toEqual(again);
  });

  it('takes one seed of the sequence when it is made', () => {
    random.setRandomSeed(42);
    const initialize = factory();
    initialize([5, 3]);
    initialize([3, 5]);
    expect(random.nextSeed()).toBe(119540832);
    random.setRandomSeed(42);
    const second = factory();
    expect(second([5, 3])).toEqual(initialize([5, 3]));
  });
});

it('zeros, ones, constant and identity take no seed', () => {
  random.setRandomSeed(42);
  for (const name of ['zeros', 'ones', 'constant', 'identity'] as const) random.initializer(name)([2, 2]);
  expect(random.nextSeed()).toBe(686579304);
});

describe('orthogonal', () => {
  const shapes = [
    [64, 64],
    [64, 256],
    [256, 64],
    [3, 3, 8, 50],
    [31, 7],
    [1, 9],
    [130, 129],
  ];
  it.each(shapes.map((shape) => [shape]))('%j: the rows or the columns are orthonormal', (shape) => {
    const columns = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((a, b) => a * b);
    const q = random.orthogonal({ seed: 5 })(shape);
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const at = (vector: number, i: number) => q[rows < columns ? vector * columns + i : i * columns + vector]!;
    let worst = 0;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
        worst = Math.max(worst, Math.abs(dot - (a === b ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(2e-6);
  });

  it('gives empty weights for empty shapes', () => {
    const initialize = random.orthogonal({ seed: 1 });
    expect([initialize([0, 4]), initialize([4, 0]), initialize([0, 0])]).toEqual(Array(3).fill(new Float32Array(0)));
  });
});

describe('initializer', () => {
  it.each([
    ['glorot_uniform', 'glorotUniform', 'GlorotUniform'],
    ['lecun_normal', 'lecunNormal', 'LecunNormal'],
    ['random_normal', 'normal', 'RandomNormal'],
    ['random_uniform', 'uniform', 'RandomUniform'],
    ['truncated_normal', 'truncatedNormal', 'TruncatedNormal'],
    ['variance_scaling', 'varianceScaling', 'VarianceScaling'],
    ['orthogonal', 'Orthogonal', 'OrthogonalInitializer'],
    ['identity', 'Identity', 'IdentityInitializer'],
    ['zeros', 'zero', 'Zeros'],
    ['ones', 'one', 'Ones'],
    ['constant', 'Constant', 'constant'],
  ])('%s, %s and %s are one', (...names) => {
    const values = names.map((name) => {
      random.setRandomSeed(7);
      return random.initializer(name as random.InitializerName)([4, 3]);
    });
    expect(values[1]).toEqual(values[0]);
    expect(values[2]).toEqual(values[0]);
  });

  it('makes the one that was named', () => {
    random.setRandomSeed(42);
    const made = [random.initializer('glorot_uniform'), random.initializer('normal'), random.initializer('orthogonal')];
    const expected = [
      random.glorotUniform({ seed: 686579304 }),
      random.randomNormal({ seed: 119540832 }),
      random.orthogonal({ seed: 26855093 }),
    ];
    expect(made.map((initialize) => initialize([3, 2]))).toEqual(expected.map((initialize) => initialize([3, 2])));
  });

  it('returns a function as it is', () => {
    const own: random.Initializer = (shape) => new Float32Array(shape[0]!);
    expect(random.initializer(own)).toBe(own);
  });

  it('keep no list of their caller', () => {
    const axes = { inputAxes: [0], outputAxes: [1, 2] };
    const draw = random.glorotUniform({ seed: 3, ...axes });
    const before = draw([2, 5, 4]);
    axes.inputAxes[0] = 2;
    axes.outputAxes.pop();
    expect(draw([2, 5, 4])).toEqual(before);
    expect(random.glorotUniform({ seed: 3, ...axes })([2, 5, 4])).not.toEqual(before);
  });

  it.each([
    ['glorot_unifrom', 'glorotUniform'],
    ['HeNorm', 'heNormal'],
    ['orthogonl', 'orthogonal'],
    ['zeroes', 'zeros'],
  ])('asks for %s whether %s was meant', (typed, meant) => {
    expect(() => random.initializer(typed as random.InitializerName)).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_NAME',
        op: 'initializer',
        facts: { name: typed },
        hint: expect.stringContaining(`did you mean '${meant}'`),
      }),
    );
  });

  it('lists the names when none is near, and says who asked', () => {
    expect(() => random.initializer('gaussian-noise' as random.InitializerName, 'lstmCell')).toThrow(
      expect.objectContaining({ op: 'lstmCell', hint: expect.stringMatching(/^one of zeros, .*orthogonal$/) }),
    );
  });

  it.each(['constructor', 'toString', '__proto__', '', null, 5])('does not know %j', (name) => {
    expect(() => random.initializer(name as random.InitializerName)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME', facts: { name } }),
    );
  });
});
