/** Our own functions against exact values: at most 0.51 ulp of float32 after one rounding, over the whole range. */
import { describe, expect, it } from 'vitest';
import { cos } from '../../src/math/cos.js';
import { erf } from '../../src/math/erf.js';
import { exp } from '../../src/math/exp.js';
import { expm1 } from '../../src/math/expm1.js';
import { log } from '../../src/math/log.js';
import { log1p } from '../../src/math/log1p.js';
import { pow } from '../../src/math/pow.js';
import { sigmoid } from '../../src/math/sigmoid.js';
import { sin } from '../../src/math/sin.js';
import { tanh } from '../../src/math/tanh.js';
import exact from './exact.json' with { type: 'json' };

const functions = { cos, erf, exp, expm1, log, log1p, sigmoid, sin, tanh };
type Name = keyof typeof functions;

/** The distance between neighbouring float32 numbers at v. */
function ulp(v: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(v) || 2 ** -149)), -126);
  return 2 ** (exponent - 23);
}

function worst(rows: readonly (readonly [number, number])[]): number {
  return rows.reduce((most, [ours, theirs]) => {
    if (!Number.isFinite(Math.fround(theirs))) return Object.is(Math.fround(ours), Math.fround(theirs)) ? most : Infinity;
    const off = Math.abs(Math.fround(ours) - theirs) / ulp(theirs);
    return off <= most ? most : Number.isNaN(off) ? Infinity : off;
  }, 0);
}

describe('accuracy', () => {
  it.each(Object.keys(functions) as Name[])('%s', (name) => {
    const rows = exact.cases[name] as [number, number][];
    expect(rows.length).toBeGreaterThan(100);
    expect(worst(rows.map(([x, y]) => [functions[name](x), y]))).toBeLessThanOrEqual(0.51);
  });

  it('pow', () => {
    const rows = exact.cases.pow as [number, number, number][];
    expect(worst(rows.map(([x, y, z]) => [pow(x, y), z]))).toBeLessThanOrEqual(0.51);
  });
});

describe('special values', () => {
  const f = Math.fround;
  it.each([
    ['exp', 0, 1], ['exp', -Infinity, 0], ['exp', Infinity, Infinity], ['exp', 89, Infinity], ['exp', -110, 0],
    ['expm1', -0, -0], ['expm1', 0, 0], ['expm1', -Infinity, -1], ['expm1', Infinity, Infinity],
    ['log', 0, -Infinity], ['log', -0, -Infinity], ['log', 1, 0], ['log', Infinity, Infinity], ['log', -1, NaN], ['log', -Infinity, NaN],
    ['log1p', -0, -0], ['log1p', -1, -Infinity], ['log1p', -2, NaN], ['log1p', Infinity, Infinity],
    ['tanh', -0, -0], ['tanh', Infinity, 1], ['tanh', -Infinity, -1],
    ['sigmoid', -Infinity, 0], ['sigmoid', Infinity, 1], ['sigmoid', 0, 0.5],
    ['erf', -0, -0], ['erf', Infinity, 1], ['erf', -Infinity, -1],
    ['sin', -0, -0], ['sin', Infinity, NaN], ['cos', 0, 1], ['cos', -Infinity, NaN],
  ] as const)('%s(%d) is %d', (name, x, y) => {
    expect(f(functions[name](x))).toBe(y);
  });

  it.each(Object.keys(functions) as Name[])('%s(NaN) is NaN', (name) => {
    expect(functions[name](NaN)).toBeNaN();
  });

  it.each([
    [NaN, 0, 1], [1, NaN, 1], [-1, Infinity, 1], [-1, -Infinity, 1], [0, 0, 1], [NaN, 1, NaN], [2, NaN, NaN],
    [-2, 3, -8], [-2, 2, 4], [-8, 0.5, NaN], [-8, 1 / 3, NaN], [-0, 3, -0], [-0, 2, 0], [-0, -3, -Infinity], [0, -1, Infinity], [-0, 0.5, 0],
    [2, Infinity, Infinity], [0.5, Infinity, 0], [2, -Infinity, 0], [-0.5, -Infinity, Infinity],
    [Infinity, 2, Infinity], [Infinity, -2, 0], [-Infinity, 3, -Infinity], [-Infinity, 2, Infinity], [-Infinity, -3, -0], [-Infinity, 0.5, Infinity],
    [10, 38, f(1e38)], [10, 39, Infinity], [10, -46, 0],
  ])('pow(%d, %d) is %d', (x, y, z) => {
    expect(f(pow(x, y))).toBe(z);
  });
});

describe('against the engine', () => {
  // Another oracle, over far more arguments: the engine's functions are good to a few ulp of a double.
  it.each(Object.keys(functions).filter((name) => name !== 'erf' && name !== 'sigmoid') as Name[])('%s', (name) => {
    const float = new Float32Array(1);
    const word = new Uint32Array(float.buffer);
    let state = 1;
    const pairs: [number, number][] = [];
    for (let i = 0; i < 50_000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      word[0] = state;
      const x = i % 2 ? float[0]! : (state / 2 ** 32 - 0.5) * 40;
      const theirs = (Math[name as keyof Math] as (x: number) => number)(x);
      if (Number.isNaN(theirs)) expect(functions[name](x)).toBeNaN();
      else pairs.push([functions[name](x), theirs]);
    }
    expect(worst(pairs)).toBeLessThanOrEqual(0.51);
  });
});
