// The lint for exact arithmetic sees every way to reach an inexact operation.
import { expect, it } from 'vitest';
import { inexactMath } from '../check-math.mjs';

it.each([
  'a ** b',
  'a **= b',
  'Math.exp(x)',
  'Math.pow(2, x)',
  "Math['sqrt'](x)",
  'const { tanh } = Math',
  'const m = Math',
  'globalThis.Math.log(x)',
])('refuses %s', (code) => {
  expect(inexactMath('a.ts', `\n${code};`)).toEqual([expect.stringMatching(/^a\.ts:2: /)]);
});

it.each(['Math.sqrt(x)', 'Math.fround(Math.abs(x))', 'Math.PI', "'Math.exp ** 2'", '// Math.exp', 'exp(x)'])(
  'takes %s',
  (code) => {
    expect(inexactMath('a.ts', code)).toEqual([]);
  },
);
