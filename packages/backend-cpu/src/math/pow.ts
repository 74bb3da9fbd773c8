/**
 * xʸ = e^(y·log x), with the special cases of C: x⁰ = 1 and 1ʸ = 1 even for NaN, (−1)^±∞ = 1, a negative x has a power
 * for whole y only. (JavaScript's own pow gives NaN for 1^NaN and (−1)^±∞.)
 *
 * For float32 operands |y·log x| matters up to 104, where the double's error is below 10⁻¹³.
 */
import { exp } from './exp.js';
import { log } from './log.js';

export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (x !== x || y !== y) return NaN;
  const a = Math.abs(x);
  if (y === Infinity || y === -Infinity) return a === 1 ? 1 : a > 1 === y > 0 ? Infinity : 0;
  const whole = Math.floor(y) === y;
  if (x < 0 && x !== -Infinity && !whole) return NaN;
  const odd = whole && Math.abs(y) < 9007199254740992 && Math.floor(y / 2) * 2 !== y;
  // Exact where people expect it.
  const size = y === 1 ? a : y === 2 ? a * a : y === -1 ? 1 / a : y === 0.5 ? Math.sqrt(a) : general(a, y);
  return odd && (x < 0 || Object.is(x, -0)) ? -size : size;
}

/** aʸ for a ≥ 0 and finite y. */
function general(a: number, y: number): number {
  if (a === 0 || a === Infinity) return (a === 0) === y > 0 ? 0 : Infinity;
  const exponent = y * log(a);
  // Held where float32 is 0 or ∞: exp is exact to the last digits only inside.
  return exponent > 120 ? Infinity : exponent < -120 ? 0 : exp(exponent);
}
