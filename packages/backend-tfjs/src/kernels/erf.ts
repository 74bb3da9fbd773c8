/**
 * erf x. tfjs's own is a formula with an absolute error of 1.5·10⁻⁷ (Abramowitz and Stegun 7.1.26), which near 0 leaves
 * no digit right. Below 1/2 the series takes its place: erf x = x · 2/√π · Σ (−x²)ⁿ / (n!·(2n + 1)).
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import { select } from '../select.js';

/** 2/√π · (−1)ⁿ / (n!·(2n + 1)), n from 6 down to 0: at 1/2 the first term left out is 10⁻⁹ of the sum. */
const coefficients: readonly number[] = /* @__PURE__ */ [6, 5, 4, 3, 2, 1, 0].map((n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return ((n % 2 === 0 ? 1 : -1) * 2) / Math.sqrt(Math.PI) / factorial / (2 * n + 1);
});

export function erf(on: Call, x: TensorInfo): TensorInfo {
  const number = (value: number): TensorInfo => on.fill([], value, 'float32');
  const square = on.run('Square', { x });
  const sum = coefficients.reduce(
    (rest: TensorInfo | null, c) =>
      rest === null ? number(c) : on.run('Add', { a: on.run('Multiply', { a: rest, b: square }), b: number(c) }),
    null,
  )!;
  const near = on.run('Less', { a: square, b: number(0.25) });
  return select(on, near, on.run('Multiply', { a: x, b: sum }), on.run('Erf', { x }));
}
