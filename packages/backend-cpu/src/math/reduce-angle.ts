/**
 * x = n·π/2 + r with |r| ≤ π/4: the quadrant and the rest, exact for every float32.
 *
 * Up to 2²⁰ by π/2 in three pieces, of which the first two have 33 bits, so that n times them is exact (Cody & Waite);
 * beyond, x is a whole multiple of a power of two, and x·2/π is taken in integers with 256 bits of 2/π (Payne & Hanek).
 */

export interface Reduced {
  r: number;
  quadrant: number;
}

/** Writes into `into`, so that a loop allocates nothing. x must be finite. */
export function reduceAngle(x: number, into: Reduced): void {
  if (Math.abs(x) > 1048576) return reduceLarge(x, into);
  const n = Math.floor(x * 0.6366197723675814 + 0.5);
  into.r = x - n * 1.5707963267341256 - n * 6.077100506303966e-11 - n * 2.0222662487959506e-21;
  into.quadrant = n & 3;
}

const bits = /* @__PURE__ */ BigInt(256);
const twoOverPi = /* @__PURE__ */ BigInt('0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561');

function reduceLarge(x: number, into: Reduced): void {
  // Above 2²⁰ a float32 is a whole number of eighths.
  const turns = (BigInt(Math.abs(x) * 8) * twoOverPi) >> BigInt(3);
  let n = turns >> bits;
  let fraction = turns - (n << bits);
  if (fraction >> (bits - BigInt(1))) {
    n += BigInt(1);
    fraction -= BigInt(1) << bits;
  }
  const r = (Number(fraction >> BigInt(128)) / 3.402823669209385e38) * 1.5707963267948966;
  const quadrant = Number(n & BigInt(3));
  into.r = x < 0 ? -r : r;
  into.quadrant = x < 0 ? (4 - quadrant) & 3 : quadrant;
}

/** sin r by its series to r¹⁷, |r| ≤ π/4. */
export function sinNear(r: number): number {
  const q = r * r;
  let series = 1 / 355687428096000;
  series = series * q - 1 / 1307674368000;
  series = series * q + 1 / 6227020800;
  series = series * q - 1 / 39916800;
  series = series * q + 1 / 362880;
  series = series * q - 1 / 5040;
  series = series * q + 1 / 120;
  series = series * q - 1 / 6;
  return r + r * q * series;
}

/** cos r by its series to r¹⁶, |r| ≤ π/4. */
export function cosNear(r: number): number {
  const q = r * r;
  let series = 1 / 20922789888000;
  series = series * q - 1 / 87178291200;
  series = series * q + 1 / 479001600;
  series = series * q - 1 / 3628800;
  series = series * q + 1 / 40320;
  series = series * q - 1 / 720;
  series = series * q + 1 / 24;
  series = series * q - 1 / 2;
  return 1 + q * series;
}
