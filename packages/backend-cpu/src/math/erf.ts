/**
 * erf x = 2/√π · x · e^(−x²) · Σ (2x²)ⁿ / (1·3·5·…·(2n+1))
 *
 * Every term is positive, so nothing cancels. From |x| = 4 on, float32 knows only ±1.
 */
import { exp } from './exp.js';

export function erf(x: number): number {
  const a = Math.abs(x);
  if (a >= 4) return x < 0 ? -1 : 1;
  const q = x * x;
  let term = 1;
  let sum = 1;
  for (let n = 3; term > 1e-17 * sum; n += 2) {
    term *= (2 * q) / n;
    sum += term;
  }
  return 1.1283791670955126 * x * exp(-q) * sum;
}
