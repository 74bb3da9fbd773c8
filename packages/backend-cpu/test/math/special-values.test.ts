/** Signs of zero, infinities, NaN, and the ends of float32; pow as IEEE 754 and C have it. */
import { describe, expect, it } from 'vitest';
import { pow } from '../../src/math/pow.js';
import { functions, names } from './functions.js';

const f = Math.fround;
const least = 2 ** -149;

/* prettier-ignore */
describe('special values', () => {
  it.each([
    ['exp', 0, 1], ['exp', -0, 1], ['exp', -Infinity, 0], ['exp', Infinity, Infinity],
    ['exp', 88.72283, f(3.4027985e38)], ['exp', 88.72284, Infinity], ['exp', -103.27892, least], ['exp', -103.97208, least], ['exp', -103.97209, 0],
    ['expm1', -0, -0], ['expm1', 0, 0], ['expm1', -Infinity, -1], ['expm1', Infinity, Infinity],
    ['expm1', least, least], ['expm1', -least, -least], ['expm1', -20, -1],
    ['log', 0, -Infinity], ['log', -0, -Infinity], ['log', 1, 0], ['log', Infinity, Infinity], ['log', -1, NaN],
    ['log', -Infinity, NaN], ['log', -least, NaN],
    ['log1p', -0, -0], ['log1p', 0, 0], ['log1p', -1, -Infinity], ['log1p', -2, NaN], ['log1p', Infinity, Infinity],
    ['log1p', -Infinity, NaN], ['log1p', least, least],
    ['tanh', -0, -0], ['tanh', 0, 0], ['tanh', Infinity, 1], ['tanh', -Infinity, -1], ['tanh', 3e38, 1],
    ['tanh', least, least], ['tanh', -least, -least],
    ['sigmoid', -Infinity, 0], ['sigmoid', Infinity, 1], ['sigmoid', 0, 0.5], ['sigmoid', -0, 0.5], ['sigmoid', -3e38, 0],
    ['erf', -0, -0], ['erf', 0, 0], ['erf', Infinity, 1], ['erf', -Infinity, -1], ['erf', least, least],
    ['sin', -0, -0], ['sin', 0, 0], ['sin', Infinity, NaN], ['sin', -Infinity, NaN], ['sin', least, least],
    ['cos', 0, 1], ['cos', -0, 1], ['cos', Infinity, NaN], ['cos', -Infinity, NaN],
  ] as const)('%s(%d) is %d', (name, x, y) => {
    expect(f(functions[name](f(x)))).toBe(y);
  });

  it.each(names)('%s(NaN) is NaN', (name) => {
    expect(functions[name](NaN)).toBeNaN();
  });

  // Between the last finite and the first infinite power of two of the table.
  it.each(['exp', 'expm1', 'sigmoid'] as const)('%s has no gap where its table ends', (name) => {
    const ends = Array.from({ length: 80_000 }, (_, i) => (i % 2 ? 1 : -1) * (170 + i / 8192));
    expect(ends.filter((x) => Number.isNaN(functions[name](x)))).toEqual([]);
  });

  it.each([
    [NaN, 0, 1], [NaN, -0, 1], [0, 0, 1], [Infinity, 0, 1], [-Infinity, -0, 1], [-2, 0, 1],
    [1, NaN, 1], [1, Infinity, 1], [1, -Infinity, 1], [-1, Infinity, 1], [-1, -Infinity, 1],
    [NaN, 1, NaN], [NaN, 2, NaN], [2, NaN, NaN], [-1, NaN, NaN], [-2, NaN, NaN], [0, NaN, NaN], [NaN, NaN, NaN], [NaN, Infinity, NaN],
    [-2, 3, -8], [-2, 2, 4], [-2, -3, -0.125], [-1, 3, -1], [-1, 4, 1], [-1, 3e38, 1], [-8, 0.5, NaN], [-8, 1 / 3, NaN], [-0.5, -1.5, NaN],
    [0, 3, 0], [-0, 3, -0], [-0, 2, 0], [0, 2.5, 0], [-0, 2.5, 0], [-0, 0.5, 0], [0, 0.5, 0],
    [-0, -3, -Infinity], [-0, -2, Infinity], [-0, -2.5, Infinity], [0, -1, Infinity], [0, -2.5, Infinity],
    [0, Infinity, 0], [-0, Infinity, 0], [0, -Infinity, Infinity], [-0, -Infinity, Infinity],
    [2, Infinity, Infinity], [0.5, Infinity, 0], [2, -Infinity, 0], [0.5, -Infinity, Infinity], [-0.5, -Infinity, Infinity],
    [-2, Infinity, Infinity], [-2, -Infinity, 0],
    [Infinity, 2, Infinity], [Infinity, -2, 0], [Infinity, 0.5, Infinity], [Infinity, -0.5, 0], [Infinity, Infinity, Infinity], [Infinity, -Infinity, 0],
    [-Infinity, 3, -Infinity], [-Infinity, 2, Infinity], [-Infinity, 0.5, Infinity],
    [-Infinity, -3, -0], [-Infinity, -2, 0], [-Infinity, -0.5, 0], [-Infinity, Infinity, Infinity], [-Infinity, -Infinity, 0],
    [10, 38, f(1e38)], [10, 39, Infinity], [-10, 39, -Infinity], [10, -46, 0], [-10, -47, -0], [2, -149, least], [2, 127, 2 ** 127],
    [least, -0.5, 2 ** 74.5], [3.4e38, 1e38, Infinity], [16777215, 1, 16777215], [3, -1, f(1 / 3)], [7, 3, 343], [2.25, 0.5, 1.5], [least, 1, least],
  ])('pow(%d, %d) is %d', (x, y, z) => {
    expect(f(pow(f(x), f(y)))).toBe(f(z));
  });
});
