/**
 * erf x in double: below 3 by its series of positive terms, above by the continued fraction of erfc.
 *
 * Abramowitz & Stegun 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x) || a === Infinity) return Math.sign(x);
  if (a < 3) {
    let term = 1;
    let sum = 1;
    for (let n = 3; term > 1e-18 * sum; n += 2) sum += term *= (2 * x * x) / n;
    return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x) * sum;
  }
  let fraction = a;
  for (let k = 60; k > 0; k--) fraction = a + k / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}
