/**
 * xʸ = e^(y·log x), with the special cases of IEEE 754 and C: x⁰ = 1 and 1ʸ = 1 even for NaN, (−1)^±∞ = 1, a negative x
 * has a power for whole y only. (JavaScript's own pow gives NaN for 1^NaN and (−1)^±∞.)
 *
 * A result that float32 can hold has |y·log x| ≤ 104, where a double log of 16 digits still leaves 10⁻¹³. Results of 0
 * and ∞ follow from log 0 = −∞, log ∞ = ∞, e^−∞ = 0 and e^∞ = ∞.
 */
import { expAt } from './exp.js';
import { logAt } from './log.js';

const a = /* @__PURE__ */ new Float64Array(1);

/** @param x any double @param y any double */
export function pow(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 0 || x === 1) return 1;
  if (x > 0) return y === 0.5 ? Math.sqrt(x) : positive(x, y);
  return notPositive(x, y);
}

/** e^(y·log x) */
function positive(x: number, y: number): number {
  a[0] = x;
  logAt(a, 0);
  a[0] *= y;
  expAt(a, 0);
  return a[0];
}

/** For x < 0, ±0 or NaN, and y ≠ 0. */
function notPositive(x: number, y: number): number {
  const size = x === -1 ? 1 : positive(-x, y);
  // A fraction, or NaN.
  if (Math.floor(y) !== y) return x === 0 || x === -Infinity ? size : NaN;
  const odd = Math.floor(y / 2) !== y / 2;
  return odd && (x < 0 || Object.is(x, -0)) ? -size : size;
}
