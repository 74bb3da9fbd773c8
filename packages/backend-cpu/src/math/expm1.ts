/**
 * eˣ − 1, without cancellation: near 0 by its series to x¹³, elsewhere from exp.
 */
import { exp } from './exp.js';

export function expm1(x: number): number {
  if (x > 0.35 || x < -0.35) return exp(x) - 1;
  // Horner from 1/13! up to 1/2!; what is left out is below 10⁻¹⁶ relative.
  let series = 1 / 6227020800;
  series = series * x + 1 / 479001600;
  series = series * x + 1 / 39916800;
  series = series * x + 1 / 3628800;
  series = series * x + 1 / 362880;
  series = series * x + 1 / 40320;
  series = series * x + 1 / 5040;
  series = series * x + 1 / 720;
  series = series * x + 1 / 120;
  series = series * x + 1 / 24;
  series = series * x + 1 / 6;
  series = series * x + 1 / 2;
  return x * (1 + x * series);
}
