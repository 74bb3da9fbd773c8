/** The process's own seed sequence: Keras's after setRandomSeed, fresh numbers before it, one for all copies. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as random from '../../src/random/index.js';
import { expectBits, goldenCases } from './golden-cases.js';

const slot = Symbol.for('@recurra/core/random');
const global = globalThis as { [slot]?: unknown };

beforeEach(() => {
  delete global[slot];
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('setRandomSeed', () => {
  it.each([42, 0, 11, 4294967295])('(%i) gives Keras’s seeds', (seed) => {
    const golden = goldenCases('nextSeed after set_random_seed').find(({ args }) => args.seed === seed)!;
    random.setRandomSeed(seed);
    expect(Array.from({ length: 8 }, () => random.nextSeed())).toEqual(golden.value.data);
  });

  it.each([42, 0, 11, 4294967295])('(%i) gives Keras’s numbers where no seed is passed', (seed) => {
    const calls = goldenCases('keras.random.uniform without a seed').filter(({ args }) => args.seed === seed);
    expect(calls).toHaveLength(3);
    random.setRandomSeed(seed);
    for (const golden of calls) expectBits(random.uniform([4]), golden);
  });

  it.each([42, 0, 11, 4294967295])('(%i) serves initializers, generators and draws in Keras’s order', (seed) => {
    random.setRandomSeed(seed);
    const kernel = random.glorotUniform();
    const results = [kernel([3, 2]), random.uniform([4]), random.normal([3]), random.orthogonal()([3, 3])];
    const generator = random.seedGenerator();
    for (let draw = 0; draw < 3; draw++) results.push(random.normal([2], { seed: generator.next() }));
    const integers = random.randint([5], 0, 1000);
    const rest = [kernel([3, 2]), random.truncatedNormal([3])];
    for (let call = 0; call < 4; call++) rest.push(random.uniform([4]));

    const steps = goldenCases('program after set_random_seed').filter(({ args }) => args.seed === seed);
    const actual = [...results, integers, ...rest];
    expect(actual).toHaveLength(steps.length);
    for (const [step, golden] of steps.entries()) expectBits(actual[step]!, golden);
  });

  it('starts the sequence and the global generator again', () => {
    random.setRandomSeed(3);
    const first = [random.nextSeed(), ...random.uniform([2]), ...random.uniform([2])];
    random.setRandomSeed(3);
    expect([random.nextSeed(), ...random.uniform([2]), ...random.uniform([2])]).toEqual(first);
  });
});

describe('without a seed', () => {
  it('seeds are fresh, whole and from 1 to 1e9', () => {
    const draw = () => Array.from({ length: 50 }, () => random.nextSeed());
    const first = draw();
    delete global[slot];
    const second = draw();
    expect(first).not.toEqual(second);
    for (const seed of [...first, ...second]) {
      expect(Number.isInteger(seed)).toBe(true);
      expect(seed).toBeGreaterThanOrEqual(1);
      expect(seed).toBeLessThanOrEqual(1e9);
    }
  });

  it('a runtime without a random source says what to do', () => {
    vi.stubGlobal('crypto', undefined);
    expect(() => random.nextSeed()).toThrow(
      expect.objectContaining({ code: 'ARGUMENT', op: 'nextSeed', hint: expect.stringContaining('setRandomSeed') }),
    );
    random.setRandomSeed(42);
    expect(random.nextSeed()).toBe(686579304);
  });
});

describe('the shared slot', () => {
  it('is not made by importing, nor by draws with a seed', async () => {
    vi.resetModules();
    const copy = await import('../../src/random/index.js');
    copy.glorotUniform({ seed: 1 })([2, 2]);
    copy.normal([2], { seed: 1 });
    expect(slot in globalThis).toBe(false);
    copy.nextSeed();
    expect(slot in globalThis).toBe(true);
  });

  it('makes two copies of the package draw from one sequence', async () => {
    vi.resetModules();
    const copy = await import('../../src/random/index.js');
    expect(copy.nextSeed).not.toBe(random.nextSeed);
    random.setRandomSeed(42);
    expect([random.nextSeed(), copy.nextSeed(), random.nextSeed(), copy.nextSeed()]).toEqual([
      686579304, 119540832, 26855093, 796233791,
    ]);
    copy.setRandomSeed(42);
    expect(random.nextSeed()).toBe(686579304);
  });
});
