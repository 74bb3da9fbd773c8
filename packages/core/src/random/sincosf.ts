/**
 * Sine and cosine of a float32, bit for bit those of glibc 2.28 and later: one reduction by π/2 and two short
 * polynomials, in double arithmetic. Method and constants are those of Arm's optimized routines (MIT).
 */

const C1 = -0.49999999725108224;
const C2 = 0.041666623324344516;
const C3 = -0.001388676379437604;
const C4 = 2.4390450703564542e-5;
const S1 = -0.16666654943701084;
const S2 = 0.008332178146138854;
const S3 = -0.00019517298981385725;
const TWO_24 = 16777216;
const TWO_OVER_PI_24 = /* @__PURE__ */ (() => 0.6366197723675814 * TWO_24)();
const HALF_PI = 1.5707963267948966;

/** Writes sin y and cos y to `out[0]` and `out[1]`, for 0 ≤ y < 120. A Float32Array rounds as it stores. */
export function sincosf(y: number, out: Float32Array): void {
  // Below 2⁻¹² glibc stops at the first term.
  if (y < 0.000244140625) {
    out[0] = y;
    out[1] = 1;
    return;
  }
  // y = x + n·π/2; below 0.75 nothing is taken off.
  let x = y;
  let n = 0;
  if (y >= 0.75) {
    n = (Math.trunc(y * TWO_OVER_PI_24) + 0x800000) >> 24;
    x -= n * HALF_PI;
  }
  const x2 = x * x;
  const x3 = x * x2;
  const x4 = x2 * x2;
  const sine = x + x3 * S1 + x3 * x2 * (S2 + x2 * S3);
  const cosine = 1 + x2 * C1 + x4 * C2 + x4 * x2 * (C3 + x2 * C4);
  const odd = n & 1;
  out[odd] = ((n + 1) & 2) === 0 ? sine : -sine;
  out[1 - odd] = (n & 2) === 0 ? cosine : -cosine;
}
