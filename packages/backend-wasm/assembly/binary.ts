// z = f(a, b) over a plane of m rows of n elements. The operands step by elements, dp from row to row and ep inside a row
// (0: repeated); z is dense. One loop for each operation, for each pair of steps that is common.
import { pow } from './math';

function four(op: i32, u: v128, v: v128): v128 {
  switch (op) {
    case 0:
      return f32x4.add(u, v);
    case 1:
      return f32x4.sub(u, v);
    case 2:
      return f32x4.mul(u, v);
    case 3:
      return f32x4.div(u, v);
    case 4:
      return f32x4.max(u, v);
    case 5:
      return f32x4.min(u, v);
    case 6:
      return i32x4.add(u, v);
    case 7:
      return i32x4.sub(u, v);
    case 8:
      return i32x4.mul(u, v);
    case 9:
      return i32x4.max_s(u, v);
    default:
      return i32x4.min_s(u, v);
  }
}

// Words: float32 and int32. Every operand moves by 0 or 1 here, or by any step.
export function binary(
  op: i32,
  m: i32,
  n: i32,
  a: usize,
  da: i32,
  ea: i32,
  b: usize,
  db: i32,
  eb: i32,
  z: usize,
): void {
  const wide = (ea == 0 || ea == 1) && (eb == 0 || eb == 1);
  for (let i = 0; i < m; i++, a += <usize>(da << 2), b += <usize>(db << 2)) {
    let p = a;
    let q = b;
    const end = z + ((<usize>n) << 2);
    if (wide) {
      const stepA = <usize>(ea << 4);
      const stepB = <usize>(eb << 4);
      let u = v128.load32_splat(p);
      let v = v128.load32_splat(q);
      for (; z + 16 <= end; z += 16, p += stepA, q += stepB) {
        if (ea != 0) u = v128.load(p);
        if (eb != 0) v = v128.load(q);
        v128.store(z, four(op, u, v));
      }
    }
    for (; z < end; z += 4, p += <usize>(ea << 2), q += <usize>(eb << 2)) {
      store<i32>(z, i32x4.extract_lane(four(op, v128.load32_splat(p), v128.load32_splat(q)), 0));
    }
  }
}

export function power(m: i32, n: i32, a: usize, da: i32, ea: i32, b: usize, db: i32, eb: i32, z: usize): void {
  for (let i = 0; i < m; i++, a += <usize>(da << 2), b += <usize>(db << 2)) {
    let p = a;
    let q = b;
    for (let j = 0; j < n; j++, z += 4, p += <usize>(ea << 2), q += <usize>(eb << 2)) {
      store<f32>(z, <f32>pow(<f64>load<f32>(p), <f64>load<f32>(q)));
    }
  }
}

// Bytes of 0 and 1: and, or, equal.
export function binaryBool(
  op: i32,
  m: i32,
  n: i32,
  a: usize,
  da: i32,
  ea: i32,
  b: usize,
  db: i32,
  eb: i32,
  z: usize,
): void {
  for (let i = 0; i < m; i++, a += <usize>da, b += <usize>db) {
    let p = a;
    let q = b;
    for (let j = 0; j < n; j++, z++, p += <usize>ea, q += <usize>eb) {
      const u = load<u8>(p);
      const v = load<u8>(q);
      store<u8>(z, op == 0 ? u & v : op == 1 ? u | v : u8(u == v));
    }
  }
}

// z = whether a relates to b, as a byte. NaN relates to nothing.
export function compareFloat(
  op: i32,
  m: i32,
  n: i32,
  a: usize,
  da: i32,
  ea: i32,
  b: usize,
  db: i32,
  eb: i32,
  z: usize,
): void {
  for (let i = 0; i < m; i++, a += <usize>(da << 2), b += <usize>(db << 2)) {
    let p = a;
    let q = b;
    for (let j = 0; j < n; j++, z++, p += <usize>(ea << 2), q += <usize>(eb << 2)) {
      const u = load<f32>(p);
      const v = load<f32>(q);
      store<u8>(z, op == 0 ? u8(u == v) : op == 1 ? u8(u < v) : u8(u <= v));
    }
  }
}

export function compareInt(
  op: i32,
  m: i32,
  n: i32,
  a: usize,
  da: i32,
  ea: i32,
  b: usize,
  db: i32,
  eb: i32,
  z: usize,
): void {
  for (let i = 0; i < m; i++, a += <usize>(da << 2), b += <usize>(db << 2)) {
    let p = a;
    let q = b;
    for (let j = 0; j < n; j++, z++, p += <usize>(ea << 2), q += <usize>(eb << 2)) {
      const u = load<i32>(p);
      const v = load<i32>(q);
      store<u8>(z, op == 0 ? u8(u == v) : op == 1 ? u8(u < v) : u8(u <= v));
    }
  }
}

// z = a where c, else b: words, or bytes.
export function where32(
  m: i32,
  n: i32,
  c: usize,
  dc: i32,
  ec: i32,
  a: usize,
  da: i32,
  ea: i32,
  b: usize,
  db: i32,
  eb: i32,
  z: usize,
): void {
  for (let i = 0; i < m; i++, c += <usize>dc, a += <usize>(da << 2), b += <usize>(db << 2)) {
    let o = c;
    let p = a;
    let q = b;
    for (let j = 0; j < n; j++, z += 4, o += <usize>ec, p += <usize>(ea << 2), q += <usize>(eb << 2)) {
      store<i32>(z, load<i32>(load<u8>(o) != 0 ? p : q));
    }
  }
}

export function where8(
  m: i32,
  n: i32,
  c: usize,
  dc: i32,
  ec: i32,
  a: usize,
  da: i32,
  ea: i32,
  b: usize,
  db: i32,
  eb: i32,
  z: usize,
): void {
  for (let i = 0; i < m; i++, c += <usize>dc, a += <usize>da, b += <usize>db) {
    let o = c;
    let p = a;
    let q = b;
    for (let j = 0; j < n; j++, z++, o += <usize>ec, p += <usize>ea, q += <usize>eb) {
      store<u8>(z, load<u8>(load<u8>(o) != 0 ? p : q));
    }
  }
}
