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
  'Math.pow(a, b)',
  'Math.tanh(x)',
  'Math.hypot(a, b)',
  'Math.cbrt(x)',
  'Math.random()',
  'Math?.exp(x)',
  '(Math).exp(x)',
  'Math[name](x)',
  'const { exp: e } = Math',
  'const { Math: m } = globalThis',
  "const { 'Math': m } = globalThis",
  "globalThis['Math'].exp(x)",
  'globalThis[`Math`].exp(x)',
  'xs.map(Math.exp)',
  'f(Math)',
])('refuses %s', (code) => {
  expect(inexactMath('a.ts', `\n${code};`)).toEqual([expect.stringMatching(/^a\.ts:2: /)]);
});

it.each([
  'Math.sqrt(x)',
  'Math.fround(Math.abs(x))',
  'Math.PI',
  "'Math.exp ** 2'",
  '// Math.exp',
  'exp(x)',
  'x.toFixed(3)',
  "name === 'Math'",
])('takes %s', (code) => {
  expect(inexactMath('a.ts', code)).toEqual([]);
});
