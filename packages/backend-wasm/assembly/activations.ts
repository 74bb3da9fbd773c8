/**
 * Activations and their slopes over rows of lanes. tanh, sigmoid and what is made of comparisons go four at a time in
 * float32; what a recurrence seldom uses is computed in float64, one by one, and rounded once. Formulas: Keras 3.
 */
import { erf, exp, expm1, log1p, sigmoid, tanh } from './math';
import { madd } from './madd';

// The numbers by which the host names them.
export const LINEAR: i32 = 0;
export const TANH: i32 = 1;
export const SIGMOID: i32 = 2;
export const RELU: i32 = 3;
export const HARD_SIGMOID: i32 = 4;
export const RELU6: i32 = 5;
export const LEAKY_RELU: i32 = 6;
export const ELU: i32 = 7;
export const SELU: i32 = 8;
export const EXPONENTIAL: i32 = 9;
export const SOFTPLUS: i32 = 10;
/** From here on the slope needs x: f(x) does not tell it, or only where it is finite. */
export const BY_INPUT: i32 = 11;
export const SOFTSIGN: i32 = 11;
export const HARD_TANH: i32 = 12;
export const HARD_SILU: i32 = 13;
export const SILU: i32 = 14;
export const MISH: i32 = 15;
export const GELU: i32 = 16;

const LAMBDA: f64 = 1.0507009873554805;
const ALPHA: f64 = 1.6732632423543772;

/**
 * Constants in vectors, in memory: an engine makes those in code anew for each use. The coefficients of eʳ for
 * |r| ≤ ln2/2 and of tanh below 0.625 are those of Cephes (S. Moshier), expf and tanhf.
 */
const T: usize = memory.data<f32>(
  [
    // 0: 1
    1, 1, 1, 1,
    // 16: the range of exponents in which 2ⁿ is a normal float32
    87, 87, 87, 87,
    // 32
    -87, -87, -87, -87,
    // 48: 1/ln2
    1.44269504088896341, 1.44269504088896341, 1.44269504088896341, 1.44269504088896341,
    // 64: 1.5·2²³ rounds what is added to it to a whole number
    12582912, 12582912, 12582912, 12582912,
    // 80: −ln2 in two pieces, the first of few bits
    -0.693359375, -0.693359375, -0.693359375, -0.693359375,
    // 96
    2.12194440e-4, 2.12194440e-4, 2.12194440e-4, 2.12194440e-4,
    // 112
    1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4,
    // 128
    1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3,
    // 144
    8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3,
    // 160
    4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2,
    // 176
    1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1,
    // 192
    0.5, 0.5, 0.5, 0.5,
    // 208
    -5.70498872745e-3, -5.70498872745e-3, -5.70498872745e-3, -5.70498872745e-3,
    // 224
    2.06390887954e-2, 2.06390887954e-2, 2.06390887954e-2, 2.06390887954e-2,
    // 240
    -5.37397155531e-2, -5.37397155531e-2, -5.37397155531e-2, -5.37397155531e-2,
    // 256
    1.33314422036e-1, 1.33314422036e-1, 1.33314422036e-1, 1.33314422036e-1,
    // 272
    -3.33332819422e-1, -3.33332819422e-1, -3.33332819422e-1, -3.33332819422e-1,
    // 288
    0.625, 0.625, 0.625, 0.625,
    // 304
    -2, -2, -2, -2,
    // 320: −0, the sign bit
    -0.0, -0.0, -0.0, -0.0,
  ],
  16,
);

/** Where a 1 lies. */
export const ones: usize = T;

// e^x for |x| ≤ 87, to 1 ulp: 2ⁿ·eʳ. Both limits let NaN through: pmin and pmax keep their first argument beside it.
// @ts-ignore: decorator
@inline
function exponent(x: v128): v128 {
  return exponentBy(
    x,
    v128.load(T),
    v128.load(T, 16),
    v128.load(T, 32),
    v128.load(T, 48),
    v128.load(T, 64),
    v128.load(T, 80),
    v128.load(T, 96),
    v128.load(T, 112),
    v128.load(T, 128),
    v128.load(T, 144),
    v128.load(T, 160),
    v128.load(T, 176),
    v128.load(T, 192),
  );
}

// The same by constants that are at hand: a loop that loads them in every round waits for them.
// @ts-ignore: decorator
@inline
function exponentBy(
  given: v128,
  one: v128,
  high: v128,
  low: v128,
  perLn2: v128,
  magic: v128,
  ln2: v128,
  ln2Rest: v128,
  c5: v128,
  c4: v128,
  c3: v128,
  c2: v128,
  c1: v128,
  c0: v128,
): v128 {
  const x = f32x4.pmax(f32x4.pmin(given, high), low);
  const shifted = madd(x, perLn2, magic);
  const n = f32x4.sub(shifted, magic);
  const r = madd(n, ln2Rest, madd(n, ln2, x));
  let p = madd(c5, r, c4);
  p = madd(p, r, c3);
  p = madd(p, r, c2);
  p = madd(p, r, c1);
  p = madd(p, r, c0);
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), one);
  // n lies in the lowest bits of what was shifted.
  return f32x4.mul(p, i32x4.add(i32x4.shl(shifted, 23), one));
}

// 1 / (1 + e⁻ˣ), from −87 on
// @ts-ignore: decorator
@inline
function sigmoid4(x: v128): v128 {
  const one = v128.load(T);
  return f32x4.div(one, f32x4.add(one, exponent(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
function below(x: v128): v128 {
  return f32x4.lt(x, v128.load(T, 32));
}

// An odd polynomial near 0; beyond, (1 − e)/(1 + e) with e = e^(−2|x|), and the sign of x.
// @ts-ignore: decorator
@inline
function tanh4(x: v128): v128 {
  const one = v128.load(T);
  const sign = v128.and(x, v128.load(T, 320));
  const size = v128.xor(x, sign);
  const e = exponent(f32x4.mul(size, v128.load(T, 304)));
  const far = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const q = f32x4.mul(x, x);
  let p = madd(v128.load(T, 208), q, v128.load(T, 224));
  p = madd(p, q, v128.load(T, 240));
  p = madd(p, q, v128.load(T, 256));
  p = madd(p, q, v128.load(T, 272));
  const near = madd(f32x4.mul(p, q), x, x);
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, v128.load(T, 288)));
}

/** y = tanh x over n lanes, a multiple of 4, in each of the rows; x and y may be one place. */
export function tanhRows(x: usize, dx: usize, y: usize, dy: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++, x += dx, y += dy) {
    for (let p: usize = 0; p < bytes; p += 16) v128.store(y + p, tanh4(v128.load(x + p)));
  }
}

export function sigmoidRows(x: usize, dx: usize, y: usize, dy: usize, rows: i32, n: i32): void {
  const one = v128.load(T);
  const high = v128.load(T, 16);
  const low = v128.load(T, 32);
  const perLn2 = v128.load(T, 48);
  const magic = v128.load(T, 64);
  const ln2 = v128.load(T, 80);
  const ln2Rest = v128.load(T, 96);
  const c5 = v128.load(T, 112);
  const c4 = v128.load(T, 128);
  const c3 = v128.load(T, 144);
  const c2 = v128.load(T, 160);
  const c1 = v128.load(T, 176);
  const c0 = v128.load(T, 192);
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++, x += dx, y += dy) {
    if (goesBelow(x, bytes)) {
      sigmoidFar(x, y, bytes);
      continue;
    }
    for (let p: usize = 0; p < bytes; p += 16) {
      const v = f32x4.neg(v128.load(x + p));
      const e = exponentBy(v, one, high, low, perLn2, magic, ln2, ln2Rest, c5, c4, c3, c2, c1, c0);
      v128.store(y + p, f32x4.div(one, f32x4.add(one, e)));
    }
  }
}

function goesBelow(x: usize, bytes: usize): bool {
  let far = i32x4.splat(0);
  for (let p: usize = 0; p < bytes; p += 16) far = v128.or(far, below(v128.load(x + p)));
  return v128.any_true(far);
}

// A row that goes below −87, where e⁻ˣ is more than float32 holds, and what is wanted is denormal, or 0.
function sigmoidFar(x: usize, y: usize, bytes: usize): void {
  for (let p: usize = 0; p < bytes; p += 16) {
    const v = v128.load(x + p);
    const far = below(v);
    v128.store(y + p, sigmoid4(v));
    if (v128.any_true(far)) {
      let s = f32x4.splat(<f32>sigmoid(<f64>f32x4.extract_lane(v, 0)));
      s = f32x4.replace_lane(s, 1, <f32>sigmoid(<f64>f32x4.extract_lane(v, 1)));
      s = f32x4.replace_lane(s, 2, <f32>sigmoid(<f64>f32x4.extract_lane(v, 2)));
      s = f32x4.replace_lane(s, 3, <f32>sigmoid(<f64>f32x4.extract_lane(v, 3)));
      v128.store(y + p, v128.bitselect(s, v128.load(y + p), far));
    }
  }
}

/** y = f(x) for the activation of that number. */
export function activate(f: i32, x: usize, dx: usize, y: usize, dy: usize, rows: i32, n: i32): void {
  if (f == TANH) return tanhRows(x, dx, y, dy, rows, n);
  if (f == SIGMOID) return sigmoidRows(x, dx, y, dy, rows, n);
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++, x += dx, y += dy) {
    if (f == LINEAR) {
      if (x != y) memory.copy(y, x, bytes);
    } else if (f <= LEAKY_RELU || (f >= SOFTSIGN && f <= HARD_SILU)) {
      for (let p: usize = 0; p < bytes; p += 16) v128.store(y + p, simple(f, v128.load(x + p)));
    } else {
      for (let p: usize = 0; p < bytes; p += 4) store<f32>(y + p, <f32>rare(f, <f64>load<f32>(x + p)));
    }
  }
}

function clip(x: v128, low: f32, high: f32): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(low)), f32x4.splat(high));
}

// clip(x/6 + ½, 0, 1)
function hardSigmoid(x: v128): v128 {
  return clip(f32x4.add(f32x4.div(x, f32x4.splat(6)), f32x4.splat(0.5)), 0, 1);
}

function simple(f: i32, x: v128): v128 {
  switch (f) {
    case RELU:
      return f32x4.max(x, f32x4.splat(0));
    case HARD_SIGMOID:
      return hardSigmoid(x);
    case RELU6:
      return clip(x, 0, 6);
    case LEAKY_RELU:
      return v128.bitselect(f32x4.mul(x, f32x4.splat(0.2)), x, f32x4.lt(x, f32x4.splat(0)));
    case SOFTSIGN:
      return f32x4.div(x, f32x4.add(f32x4.splat(1), f32x4.abs(x)));
    case HARD_TANH:
      return clip(x, -1, 1);
    default:
      return f32x4.mul(x, hardSigmoid(x));
  }
}

// log(1 + eˣ), with the exponent kept negative so that it cannot overflow.
function softplus(x: f64): f64 {
  return max(x, 0) + log1p(exp(-abs(x)));
}

function rare(f: i32, x: f64): f64 {
  switch (f) {
    case ELU:
      return x > 0 ? x : expm1(x);
    case SELU:
      return LAMBDA * (x > 0 ? x : ALPHA * expm1(x));
    case EXPONENTIAL:
      return exp(x);
    case SOFTPLUS:
      return softplus(x);
    case SILU:
      return x * sigmoid(x);
    case MISH:
      return x * tanh(softplus(x));
    default:
      return 0.5 * x * (1 + erf(x * 0.7071067811865476));
  }
}

/**
 * d = f′ at what was kept of each lane: f(x), or x itself for the activations from `BY_INPUT` on. At a kink the slope is the
 * one that the ops give.
 */
export function slopes(f: i32, kept: usize, dk: usize, d: usize, dd: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++, kept += dk, d += dd) {
    if (f <= HARD_SIGMOID) {
      for (let p: usize = 0; p < bytes; p += 16) v128.store(d + p, quickSlope(f, v128.load(kept + p)));
    } else {
      for (let p: usize = 0; p < bytes; p += 4) {
        const v = <f64>load<f32>(kept + p);
        store<f32>(d + p, <f32>(f < BY_INPUT ? slopeByOutput(f, v) : slopeByInput(f, v)));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function quickSlope(f: i32, y: v128): v128 {
  const one = v128.load(T);
  switch (f) {
    case TANH:
      return f32x4.sub(one, f32x4.mul(y, y));
    case SIGMOID:
      return f32x4.mul(y, f32x4.sub(one, y));
    case RELU:
      return v128.and(one, f32x4.gt(y, f32x4.splat(0)));
    case HARD_SIGMOID:
      return v128.and(f32x4.splat(<f32>(1.0 / 6)), v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.lt(y, one)));
    default:
      return one;
  }
}

function slopeByOutput(f: i32, y: f64): f64 {
  switch (f) {
    case RELU6:
      return y > 0 && y < 6 ? 1 : 0;
    case LEAKY_RELU:
      return y > 0 ? 1 : 0.2;
    case ELU:
      // Of NaN 0: neither piece is chosen.
      return y > 0 ? 1 : y <= 0 ? y + 1 : 0;
    case SELU:
      return y < 0 ? y + LAMBDA * ALPHA : LAMBDA;
    case EXPONENTIAL:
      return y;
    default:
      // σ(x) = 1 − e^(−softplus x)
      return -expm1(-y);
  }
}

function slopeByInput(f: i32, x: f64): f64 {
  switch (f) {
    case SOFTSIGN: {
      const size = 1 + abs(x);
      return 1 / (size * size);
    }
    case HARD_TANH:
      return abs(x) <= 1 ? 1 : 0;
    case HARD_SILU:
      // The slope of hardSigmoid is left out beyond ±3: of an infinite x it would make 0 · ∞.
      return min(max(x / 6 + 0.5, 0), 1) + (abs(x) < 3 ? x / 6 : 0);
    case SILU: {
      const s = sigmoid(x);
      return s + x * s * sigmoid(-x);
    }
    case MISH: {
      const t = tanh(softplus(x));
      return t + x * (1 - t * t) * sigmoid(x);
    }
    default:
      // Φ(x) + x·φ(x)
      return 0.5 * (1 + erf(x * 0.7071067811865476)) + x * 0.3989422804014327 * exp(-0.5 * x * x);
  }
}
