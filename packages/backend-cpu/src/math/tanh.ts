/**
 * tanh x = (1 − e^(−2|x|)) / (1 + e^(−2|x|)), with the sign of x; near 0 its series to x¹⁵.
 */
import { exp } from './exp.js';

export function tanh(x: number): number {
  const a = Math.abs(x);
  if (a < 0.3) {
    const q = x * x;
    let series = -929569 / 638512875;
    series = series * q + 21844 / 6081075;
    series = series * q - 1382 / 155925;
    series = series * q + 62 / 2835;
    series = series * q - 17 / 315;
    series = series * q + 2 / 15;
    series = series * q - 1 / 3;
    return x * (1 + q * series);
  }
  const t = exp(-2 * a);
  const y = (1 - t) / (1 + t);
  return x < 0 ? -y : y;
}
