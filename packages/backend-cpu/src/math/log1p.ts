/**
 * log(1 + x): near 0 as 2·artanh s with s = x/(2 + x), by its series to s⁷, so that no digit of x is lost in the sum;
 * elsewhere as it stands.
 */
import { log } from './log.js';

/** @param x any double; log1p(−1) = −∞, NaN below */
export function log1p(x: number): number {
  if (!(x > -0.03125 && x < 0.03125)) return log(1 + x);
  const s = x / (2 + x);
  const q = s * s;
  return s * (2 + q * (0.6666666666666666 + q * (0.4 + q * 0.2857142857142857)));
}
