/**
 * log(1 + x): near 0 as 2·artanh s with s = x/(2 + x), by its series to s⁷, so that no digit of x is lost in the sum;
 * elsewhere as it stands.
 */
import { logAt } from './log.js';

/** a[at] = log(1 + a[at]); log1p(−1) = −∞, NaN below */
export function log1pAt(a: Float64Array, at: number): void {
  const x = a[at]!;
  if (x > -0.03125 && x < 0.03125) {
    const s = x / (2 + x);
    const q = s * s;
    a[at] = s * (2 + q * (0.6666666666666666 + q * (0.4 + q * 0.2857142857142857)));
  } else {
    a[at] = 1 + x;
    logAt(a, at);
  }
}
