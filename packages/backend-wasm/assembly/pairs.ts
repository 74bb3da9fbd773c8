// exp, tanh and sigmoid of ./math for two doubles side by side: the same operations in the same order, so the same bits.
import { scaleOf } from './math';

// 2^(n/64) for whole n.
function scales(n: v128): v128 {
  const whole = i32x4.trunc_sat_f64x2_s_zero(n);
  const low = f64x2.splat(scaleOf(i32x4.extract_lane(whole, 0)));
  return f64x2.replace_lane(low, 1, scaleOf(i32x4.extract_lane(whole, 1)));
}

// r · (a + r · (b + r · (c + r · d)))
function quartic(r: v128): v128 {
  let p = f64x2.add(f64x2.splat(2.1173168200070417e-7), f64x2.mul(r, f64x2.splat(5.732851688638591e-10)));
  p = f64x2.add(f64x2.splat(5.8649049550649256e-5), f64x2.mul(r, p));
  p = f64x2.add(f64x2.splat(0.010830424696239445), f64x2.mul(r, p));
  return f64x2.mul(r, p);
}

// What lies outside of ±limit becomes ±far; NaN stays.
function held(x: v128, limit: f64, far: f64): v128 {
  const below = v128.bitselect(f64x2.splat(-far), x, f64x2.lt(x, f64x2.splat(-limit)));
  return v128.bitselect(f64x2.splat(far), below, f64x2.gt(x, f64x2.splat(limit)));
}

function exp2(x: v128): v128 {
  const z = f64x2.mul(held(x, 176.7, 176.96), f64x2.splat(92.33248261689366));
  const n = f64x2.floor(f64x2.add(z, f64x2.splat(0.5)));
  const scale = scales(n);
  return f64x2.add(scale, f64x2.mul(scale, quartic(f64x2.sub(z, n))));
}

function sigmoid2(x: v128): v128 {
  const one = f64x2.splat(1);
  return f64x2.div(one, f64x2.add(one, exp2(f64x2.neg(x))));
}

function tanh2(x: v128): v128 {
  const twice = f64x2.mul(f64x2.splat(2), x);
  const z = f64x2.mul(held(twice, 40, 40), f64x2.splat(92.33248261689366));
  const n = f64x2.floor(f64x2.add(z, f64x2.splat(0.5)));
  const scale = scales(n);
  const m = f64x2.sub(f64x2.mul(scale, quartic(f64x2.sub(z, n))), f64x2.sub(f64x2.splat(1), scale));
  return f64x2.div(m, f64x2.add(m, f64x2.splat(2)));
}

/** y = f(x) for pairs up to `end`; f by its number in ./unary: 6 exp, 11 tanh, 12 sigmoid. */
export function pairs(f: i32, x: usize, y: usize, end: usize): void {
  if (f == 6) for (; y < end; x += 8, y += 8) put(y, exp2(two(x)));
  else if (f == 11) for (; y < end; x += 8, y += 8) put(y, tanh2(two(x)));
  else for (; y < end; x += 8, y += 8) put(y, sigmoid2(two(x)));
}

function two(x: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(x));
}

function put(y: usize, v: v128): void {
  v128.store64_lane(y, f32x4.demote_f64x2_zero(v), 0);
}
