// y = f(x) over n elements that lie side by side. What one instruction does goes four at a time; the rest is computed in
// float64 and rounded once: exp, tanh and sigmoid two at a time.
import { cos, erf, exp, expm1, log, log1p, sigmoid, sin, tanh } from './math';
import { pairs } from './pairs';

export function unaryFloat(op: i32, x: usize, y: usize, n: i32): void {
  if (op < 5) return quick(op, x, y, n);
  const end = y + ((<usize>n) << 2);
  if (op == 6 || op == 11 || op == 12) {
    const even = (<usize>(n & ~1)) << 2;
    pairs(op, x, y, y + even);
    x += even;
    y += even;
  }
  for (; y < end; x += 4, y += 4) {
    const v = <f64>load<f32>(x);
    let r: f64 = 0;
    switch (op) {
      case 5:
        r = sign(v);
        break;
      case 6:
        r = exp(v);
        break;
      case 7:
        r = expm1(v);
        break;
      case 8:
        r = log(v);
        break;
      case 9:
        r = log1p(v);
        break;
      case 10:
        r = erf(v);
        break;
      case 11:
        r = tanh(v);
        break;
      case 12:
        r = sigmoid(v);
        break;
      case 13:
        r = sin(v);
        break;
      case 14:
        r = cos(v);
        break;
    }
    store<f32>(y, <f32>r);
  }
}

// −1, ±0 or 1; NaN for NaN.
function sign(v: f64): f64 {
  return v > 0 ? 1 : v < 0 ? -1 : v;
}

function four(op: i32, v: v128): v128 {
  switch (op) {
    case 0:
      return f32x4.neg(v);
    case 1:
      return f32x4.abs(v);
    case 2:
      return f32x4.mul(v, v);
    case 3:
      return f32x4.sqrt(v);
    default:
      return f32x4.floor(v);
  }
}

function quick(op: i32, x: usize, y: usize, n: i32): void {
  const end = y + ((<usize>n) << 2);
  for (; y + 16 <= end; x += 16, y += 16) v128.store(y, four(op, v128.load(x)));
  for (; y < end; x += 4, y += 4) store<f32>(y, f32x4.extract_lane(four(op, v128.load32_zero(x)), 0));
}

// int32: wraps around at 32 bits.
export function unaryInt(op: i32, x: usize, y: usize, n: i32): void {
  const end = y + ((<usize>n) << 2);
  for (; y < end; x += 4, y += 4) {
    const v = load<i32>(x);
    store<i32>(y, op == 0 ? -v : op == 1 ? (v < 0 ? -v : v) : op == 2 ? v * v : i32(v > 0) - i32(v < 0));
  }
}

export function logicalNot(x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<u8>(y + i, u8(load<u8>(x + i) == 0));
}
