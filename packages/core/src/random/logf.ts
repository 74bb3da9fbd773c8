/**
 * The natural logarithm of a float32 as glibc 2.28 and later rounds it: 16 intervals and a cubic, in double arithmetic.
 * Method and constants are those of Arm's optimized routines (MIT).
 */

// c, the reciprocal of a point near the middle of each interval, to seven places, and −ln c of that number. With these
// all 2²³ arguments that Box–Muller has give the bits of glibc.
const INVERSE = [
  1.3989072, 1.3403142, 1.2864322, 1.236715, 1.1906977, 1.1479821, 1.1082251, 1.0711297, 1.0364373, 1, 0.949286,
  0.8951049, 0.8476822, 0.8050315, 0.7664671, 0.7314286,
] as const;
const LOG = /* @__PURE__ */ INVERSE.map(minusLog);
const A0 = -0.25089342214237154;
const A1 = 0.333456765744066;
const A2 = -0.4999997485802103;
const LN2 = 0.6931471805599453;

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4));

/** ln x for a multiple x of 2⁻²³ between 0 and 1, or a positive float32 to within its last bit. */
export function logf(x: number): number {
  bits.setFloat32(0, x);
  const ix = bits.getInt32(0);
  // x = z·2ᵏ with z in [0.7, 1.4), where interval i holds z.
  const offset = (ix - 0x3f330000) | 0;
  const i = (offset >> 19) & 15;
  const k = offset >> 23;
  bits.setInt32(0, ix - (k << 23));
  const z = bits.getFloat32(0);
  // ln x = ln(1 + r) − ln c + k ln 2, r = z·c − 1.
  const r = z * INVERSE[i]! - 1;
  const y0 = LOG[i]! + k * LN2;
  const r2 = r * r;
  const y = A0 * r2 + (A1 * r + A2);
  return Math.fround(y * r2 + (y0 + r));
}

/** −ln c = −2 artanh s, s = (c − 1)/(c + 1), by its series; |s| is at most 1/6. */
function minusLog(c: number): number {
  const s = (c - 1) / (c + 1);
  let sum = 0;
  for (let n = 25; n > 0; n -= 2) sum = sum * s * s + 2 / n;
  return -s * sum;
}
