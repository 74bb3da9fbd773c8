/**
 * Sine and cosine in double on [0, 2π]: one reduction by a π/2 of 119 bits and two Taylor series whose second terms are
 * carried in two doubles, so that about four results in a thousand are not the nearest double but its neighbour.
 */

const TWO_OVER_PI = 0.6366197723675814;
// π/2 in three parts; the first two have 33 bits, so that their products with n are exact.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const SPLIT = 134217729;

/** Writes sin x and cos x to `out[0]` and `out[1]`. */
export function sincos64(x: number, out: Float64Array): void {
  const n = Math.round(x * TWO_OVER_PI);
  const t = x - n * HALF_PI_1;
  const r = t - n * HALF_PI_2;
  const rLow = t - r - n * HALF_PI_2 - n * HALF_PI_3;
  const r2 = r * r;
  const r2Low = productError(r, r, r2) + 2 * r * rLow;

  // sin r = r − r³/6 + r⁵·(1/120 − …)
  const cube = r2 * r;
  const cubeLow = productError(r2, r, cube) + r2Low * r + r2 * rLow;
  const sixth = cube / 6;
  const sixthLow = (cube - 6 * high(sixth) - 6 * (sixth - high(sixth)) + cubeLow) / 6;
  const sine = r - sixth;
  const sineLow = r - sine - sixth - sixthLow + rLow + cube * r2 * series(r2, 5);

  // cos r = 1 − r²/2 + r⁴·(1/24 − …)
  const half = r2 / 2;
  const cosine = 1 - half;
  const cosineLow = 1 - cosine - half - r2Low / 2 + r2 * r2 * series(r2, 4);

  const odd = n & 1;
  out[odd] = (((n + 1) & 2) === 0 ? 1 : -1) * (sine + sineLow);
  out[1 - odd] = ((n & 2) === 0 ? 1 : -1) * (cosine + cosineLow);
}

/** 1/first! − r²/(first + 2)! + … */
function series(r2: number, first: number): number {
  let sum = 0;
  for (let n = first + 14; n > first; n -= 2) sum = (1 - sum) * (r2 / (n * (n - 1)));
  return (1 - sum) / (first === 5 ? 120 : 24);
}

/** a·b − p exactly, for p = a·b rounded (Dekker). */
function productError(a: number, b: number, p: number): number {
  const a1 = high(a);
  const b1 = high(b);
  return a1 * b1 - p + a1 * (b - b1) + (a - a1) * b1 + (a - a1) * (b - b1);
}

/** The upper 26 bits (Veltkamp). */
function high(x: number): number {
  const c = SPLIT * x;
  return c - (c - x);
}
