/**
 * xᵖ and cos πf in double, within some units of the last place and the same on every engine: of `Math` only what IEEE 754
 * fixes is used. Each is a reduction to a small interval and a series.
 */

const LN2 = 0.6931471805599453;
// ln 2 in two parts; the first has 33 bits, so that its product with a small whole number is exact.
const LN2_HIGH = 0.6931471804855391;
const LN2_LOW = 7.440617110012397e-11;

/** xᵖ = e^(p ln x) for x ≥ 0. */
export function power(x: number, p: number): number {
  if (p === 0) return 1;
  if (x === 0) return p > 0 ? 0 : Infinity;
  return exp(p * log(x));
}

/** cos πf for f in [0, 1]. */
export function cosPi(f: number): number {
  if (f > 0.5) return -cosPi(1 - f);
  return f > 0.25 ? series(Math.PI * (0.5 - f), 1) : series(Math.PI * f, 0);
}

/** sin x (first = 1) or cos x (first = 0) near 0: xⁿ/n! with alternating signs, every second n. */
function series(x: number, first: 0 | 1): number {
  let sum = 0;
  for (let n = first + 20; n > first; n -= 2) sum = (1 - sum) * ((x * x) / (n * (n - 1)));
  return (1 - sum) * (first === 1 ? x : 1);
}

/** eˣ = 2ᵏ eʳ, |r| ≤ ln 2 / 2. */
function exp(x: number): number {
  if (x > 709.7) return Infinity;
  if (x < -745.1) return 0;
  const k = Math.round(x / LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = 15; n > 0; n--) sum = 1 + (sum * r) / n;
  for (let i = 0; i < Math.abs(k); i++) sum *= k > 0 ? 2 : 0.5;
  return sum;
}

/** ln(2ᵏ z) = k ln 2 + 2 artanh((z − 1)/(z + 1)), z in [¾, 1½). */
function log(x: number): number {
  let z = x;
  let k = 0;
  for (; z >= 1.5; k++) z *= 0.5;
  for (; z < 0.75; k--) z *= 2;
  const s = (z - 1) / (z + 1);
  let sum = 0;
  for (let n = 27; n > 0; n -= 2) sum = sum * s * s + 1 / n;
  return k * LN2_HIGH + (k * LN2_LOW + 2 * s * sum);
}
