// C = A·B, in the order of `gemm`: every element is the sum of blocks of 64 terms; within a block Σₖ aₖ·bₖ from 0 in
// ascending k, then the block is added to those before it. Tiles, edges and batches take the same steps for each element:
// the same bits.
import { BLOCK } from './gemm';
import { madd } from './madd';

// B [k, n], with steps of dk and dn elements, into panels of eight columns, k after k; the last is filled with zeros.
export function packPanels(b: usize, dk: i32, dn: i32, k: i32, n: i32, z: usize): void {
  const stepK = <usize>(dk << 2);
  const stepN = <usize>(dn << 2);
  for (let j = 0; j < n; j += 8) {
    let row = b + <usize>j * stepN;
    const width = min(8, n - j);
    if (width == 8 && dn == 1) {
      for (let i = 0; i < k; i++, row += stepK, z += 32) {
        v128.store(z, v128.load(row));
        v128.store(z, v128.load(row, 16), 16);
      }
    } else if (dk == 1) {
      if (width < 8) memory.fill(z, 0, (<usize>k) << 5);
      transpose32(row, stepN, width, k, z, 32);
      z += (<usize>k) << 5;
    } else {
      for (let i = 0; i < k; i++, row += stepK, z += 32) {
        let p = row;
        for (let c = 0; c < 8; c++, p += stepN) store<f32>(z + ((<usize>c) << 2), c < width ? load<f32>(p) : 0);
      }
    }
  }
}

// C [m, n] = A · panels. A steps by da from row to row and by ea along k; C is dense. `edge` is room for 8 floats a row,
// four rows: the last panel's columns that C has not.
export function product(
  a: usize,
  da: i32,
  ea: i32,
  panels: usize,
  m: i32,
  k: i32,
  n: i32,
  c: usize,
  edge: usize,
): void {
  const stepA = <usize>(da << 2);
  const stepK = <usize>(ea << 2);
  const stepC = (<usize>n) << 2;
  for (let j = 0; j < n; j += 8, panels += (<usize>k) << 5) {
    const width = min(8, n - j);
    const column = c + ((<usize>j) << 2);
    let i = 0;
    for (; i < m; i += 4) {
      const rows = min(4, m - i);
      const whole = width == 8;
      const to = whole ? column + <usize>i * stepC : edge;
      const stepTo: usize = whole ? stepC : 32;
      const from = a + <usize>i * stepA;
      for (let k0 = 0; k0 < k; k0 += BLOCK) {
        const terms = min(BLOCK, k - k0);
        const p = from + <usize>k0 * stepK;
        const q = panels + ((<usize>k0) << 5);
        if (rows == 4) tile4(p, stepA, stepK, q, terms, to, stepTo, k0);
        else for (let r = 0; r < rows; r++) tile1(p + <usize>r * stepA, stepK, q, terms, to + <usize>r * stepTo, k0);
      }
      if (!whole) {
        for (let r = 0; r < rows; r++) {
          memory.copy(column + <usize>(i + r) * stepC, edge + ((<usize>r) << 5), (<usize>width) << 2);
        }
      }
    }
  }
}

// Four rows, eight columns, `terms` terms; stored by the first block, added by the later ones.
export function tile4(a: usize, da: usize, ea: usize, b: usize, terms: i32, c: usize, dc: usize, later: i32): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let a1 = a + da;
  let a2 = a1 + da;
  let a3 = a2 + da;
  const end = b + ((<usize>terms) << 5);
  for (; b < end; b += 32) {
    const u = v128.load(b);
    const v = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = madd(x, u, s00);
    s01 = madd(x, v, s01);
    x = v128.load32_splat(a1);
    s10 = madd(x, u, s10);
    s11 = madd(x, v, s11);
    x = v128.load32_splat(a2);
    s20 = madd(x, u, s20);
    s21 = madd(x, v, s21);
    x = v128.load32_splat(a3);
    s30 = madd(x, u, s30);
    s31 = madd(x, v, s31);
    a += ea;
    a1 += ea;
    a2 += ea;
    a3 += ea;
  }
  put(c, s00, s01, later);
  put(c + dc, s10, s11, later);
  put(c + 2 * dc, s20, s21, later);
  put(c + 3 * dc, s30, s31, later);
}

export function tile1(a: usize, ea: usize, b: usize, terms: i32, c: usize, later: i32): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  const end = b + ((<usize>terms) << 5);
  for (; b < end; b += 32, a += ea) {
    const x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    s1 = madd(x, v128.load(b, 16), s1);
  }
  put(c, s0, s1, later);
}

function put(c: usize, s0: v128, s1: v128, later: i32): void {
  if (later) {
    s0 = f32x4.add(v128.load(c), s0);
    s1 = f32x4.add(v128.load(c, 16), s1);
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

// target[j][i] = source[i][j]: rows of n floats, `from` bytes apart, become columns of rows `to` bytes apart.
export function transpose32(source: usize, from: usize, rows: i32, n: i32, target: usize, to: usize): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4, source += from << 2, target += 16) {
    let p = source;
    let z = target;
    let j = 0;
    for (; j + 4 <= n; j += 4, p += 16, z += to << 2) {
      const a = v128.load(p);
      const b = v128.load(p + from);
      const c = v128.load(p + 2 * from);
      const d = v128.load(p + 3 * from);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(z, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store(z + to, v128.shuffle<i64>(ab, cd, 1, 3));
      v128.store(z + 2 * to, v128.shuffle<i64>(AB, CD, 0, 2));
      v128.store(z + 3 * to, v128.shuffle<i64>(AB, CD, 1, 3));
    }
    for (; j < n; j++, p += 4, z += to) {
      store<f32>(z, load<f32>(p));
      store<f32>(z, load<f32>(p + from), 4);
      store<f32>(z, load<f32>(p + 2 * from), 8);
      store<f32>(z, load<f32>(p + 3 * from), 12);
    }
  }
  for (; i < rows; i++, source += from, target += 4) {
    let z = target;
    for (let p = source; p < source + ((<usize>n) << 2); p += 4, z += to) store<f32>(z, load<f32>(p));
  }
}
