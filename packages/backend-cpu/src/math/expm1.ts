/**
 * eˣ − 1 = s·p(r) + (s − 1), with s = 2ᵐ · 2^(k/64) and p as in exp
 *
 * Nothing cancels: s is exactly 1 near 0, where p(r) alone remains, and elsewhere s − 1 is 0.01 or more in magnitude.
 */
import { fractions } from './exp.js';
import { powers } from './powers-of-two.js';

/** x[i] = e^(times · x[i]) − 1 */
export function expm1At(x: Float64Array, i: number, times = 1): void {
  const v = times * x[i]!;
  const held = v < -176.7 ? -176.96 : v > 176.7 ? 176.96 : v;
  const z = held * 92.33248261689366;
  const n = Math.floor(z + 0.5);
  const r = z - n;
  const scale = fractions[n & 63]! * powers[(n >> 6) & 511]!;
  const p =
    r * (0.010830424696239445 + r * (5.8649049550649256e-5 + r * (2.1173168200070417e-7 + r * 5.732851688638591e-10)));
  // −(1 − s), since s − 1 would lose the sign of −0.
  x[i] = scale * p - (1 - scale);
}
