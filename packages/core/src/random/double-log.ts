/**
 * The natural logarithm in double: ln(2ᵏ·z) = k ln 2 + 2 artanh s, s = (z − 1)/(z + 1). What rounding takes off s is
 * carried along, so that about two results in a thousand are not the nearest double but its neighbour.
 */

// ln 2 in two parts; the first has 33 bits, so that its product with k is exact.
const LN2_HIGH = 0.6931471804855391;
const LN2_LOW = 7.440617110012397e-11;
const SPLIT = 134217729;

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** ln x for a positive, normal double x. */
export function log64(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getInt32(0);
  // z in [¾, 1½), so that k = 0 on both sides of 1.
  const k = (high - 0x3fe80000) >> 20;
  bits.setInt32(0, high - (k << 20));
  const f = bits.getFloat64(0) - 1;
  const d = 2 + f;
  const dLow = f - (d - 2);
  const s = split(f / d);
  const d1 = split(d);
  // What is left of f/d after s has 26 bits: s·d1 and s·(d − d1) are exact.
  const rest = (f - s * d1 - s * (d - d1) - s * dLow) / d;
  const s2 = (s + rest) * (s + rest);
  let series = 0;
  for (let n = 27; n >= 3; n -= 2) series = series * s2 + 2 / n;
  const low = 2 * rest + (s + rest) * s2 * series + k * LN2_LOW;
  return k * LN2_HIGH + 2 * s + low;
}

/** The upper 26 bits (Veltkamp). */
function split(x: number): number {
  const c = SPLIT * x;
  return c - (c - x);
}
