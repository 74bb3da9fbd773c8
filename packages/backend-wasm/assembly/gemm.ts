/**
 * c = d + a · panels, for rows of a. This is the order of every product of this backend, in every tile, at every edge, for
 * one row as for many: k in blocks of 64; within a block Σ aₖ·bₖ from 0 with k ascending; the blocks are added to d one
 * after the other. So a number depends on its row and its column alone. Blocks keep the rounding error small.
 *
 * Each tile is a function of one loop that is not inlined: engines keep the sums of such a one in registers.
 */
import { gemv, gemvPairs } from './gemv';
import { madd } from './madd';
import { tile4 } from './matmul';
import { ownEnd, ownFrom } from './team';

/** Terms that are summed before they meet the rest. */
export const BLOCK: i32 = 64;

/**
 * @param a rows of k floats, `lda` bytes apart, k a multiple of 4
 * @param panels `count` panels of k · 8 floats
 * @param d what is added to, rows `ldd` bytes apart: 0 for one row for all, such as a bias; may be c
 * @param c rows of 8 · count floats, `ldc` bytes apart
 */
export function gemm(
  a: usize,
  lda: usize,
  rows: i32,
  k: i32,
  panels: usize,
  count: i32,
  d: usize,
  ldd: usize,
  c: usize,
  ldc: usize,
): void {
  if (rows == 1) {
    gemv(a, k, panels, count, d, c);
    return;
  }
  const panel = (<usize>k) << 5;
  const odd = rows & 1 ? rows - 1 : rows;
  for (let j = 0; j < count; j++) {
    for (let first = 0; first < k || first == 0; first += BLOCK) {
      const block = min(BLOCK, k - first);
      const b = panels + ((<usize>first) << 5);
      let p = a + ((<usize>first) << 2);
      let from = first == 0 ? d : c;
      const step = first == 0 ? ldd : ldc;
      let to = c;
      let i = 0;
      if (ASC_FEATURE_RELAXED_SIMD) {
        for (; i + 6 <= rows; i += 6) {
          gemmTile6(p, lda, block, b, from, step, to, ldc);
          p += 6 * lda;
          from += 6 * step;
          to += 6 * ldc;
        }
      }
      for (; i + 4 <= rows; i += 4) {
        // The tile adds to what lies in c: with one pointer less it stays in registers, and is half as fast again.
        if (from != to) {
          copyPanel(from, to);
          copyPanel(from + step, to + ldc);
          copyPanel(from + 2 * step, to + 2 * ldc);
          copyPanel(from + 3 * step, to + 3 * ldc);
        }
        tile4(p, lda, 4, b, block, to, ldc, 1);
        p += lda << 2;
        from += step << 2;
        to += ldc << 2;
      }
      if (i + 2 <= odd) {
        gemmTile2(p, lda, block, b, from, step, to, ldc);
      }
    }
    panels += panel;
    c += 32;
    d += 32;
  }
  if (odd < rows) {
    const back = (<usize>count) << 5;
    const last = <usize>odd;
    gemv(a + last * lda, k, panels - <usize>count * panel, count, d - back + last * ldd, c - back + last * ldc);
  }
}

/** This thread's panels of it; in pairs, for one row alone. */
export function gemmShare(
  a: usize,
  lda: usize,
  rows: i32,
  k: i32,
  panels: usize,
  count: i32,
  d: usize,
  ldd: usize,
  c: usize,
  ldc: usize,
  pairs: i32,
): void {
  if (pairs) {
    const half = count >> 1;
    const from = ownFrom(half);
    const column = (<usize>from) << 6;
    gemvPairs(a, k, panels + <usize>k * column, ownEnd(half) - from, d + column, c + column);
    return;
  }
  const from = ownFrom(count);
  const column = (<usize>from) << 5;
  gemm(a, lda, rows, k, panels + <usize>k * column, ownEnd(count) - from, d + column, ldd, c + column, ldc);
}

function copyPanel(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Two rows, one panel: what four leave over. */
export function gemmTile2(a: usize, lda: usize, k: i32, b: usize, d: usize, ldd: usize, c: usize, ldc: usize): void {
  let a1 = a + lda;
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let x: v128;
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    let u = v128.load(b);
    let v = v128.load(b, 16);
    x = v128.load32_splat(a);
    s0 = madd(x, u, s0);
    t0 = madd(x, v, t0);
    x = v128.load32_splat(a1);
    s1 = madd(x, u, s1);
    t1 = madd(x, v, t1);
    u = v128.load(b, 32);
    v = v128.load(b, 48);
    x = v128.load32_splat(a, 4);
    s0 = madd(x, u, s0);
    t0 = madd(x, v, t0);
    x = v128.load32_splat(a1, 4);
    s1 = madd(x, u, s1);
    t1 = madd(x, v, t1);
    b += 64;
    a += 8;
    a1 += 8;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  d += ldd;
  c += ldc;
  v128.store(c, f32x4.add(v128.load(d), s1));
  v128.store(c, f32x4.add(v128.load(d, 16), t1), 16);
}

/** Six rows, one panel: what fills the registers when products need none of their own. */
export function gemmTile6(a: usize, lda: usize, k: i32, b: usize, d: usize, ldd: usize, c: usize, ldc: usize): void {
  let a1 = a + lda;
  let a2 = a1 + lda;
  let a3 = a2 + lda;
  let a4 = a3 + lda;
  let a5 = a4 + lda;
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  let s4 = f32x4.splat(0);
  let t4 = f32x4.splat(0);
  let s5 = f32x4.splat(0);
  let t5 = f32x4.splat(0);
  let x: v128;
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    let u = v128.load(b);
    let v = v128.load(b, 16);
    x = v128.load32_splat(a);
    s0 = madd(x, u, s0);
    t0 = madd(x, v, t0);
    x = v128.load32_splat(a1);
    s1 = madd(x, u, s1);
    t1 = madd(x, v, t1);
    x = v128.load32_splat(a2);
    s2 = madd(x, u, s2);
    t2 = madd(x, v, t2);
    x = v128.load32_splat(a3);
    s3 = madd(x, u, s3);
    t3 = madd(x, v, t3);
    x = v128.load32_splat(a4);
    s4 = madd(x, u, s4);
    t4 = madd(x, v, t4);
    x = v128.load32_splat(a5);
    s5 = madd(x, u, s5);
    t5 = madd(x, v, t5);
    b += 32;
    a += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  d += ldd;
  c += ldc;
  v128.store(c, f32x4.add(v128.load(d), s1));
  v128.store(c, f32x4.add(v128.load(d, 16), t1), 16);
  d += ldd;
  c += ldc;
  v128.store(c, f32x4.add(v128.load(d), s2));
  v128.store(c, f32x4.add(v128.load(d, 16), t2), 16);
  d += ldd;
  c += ldc;
  v128.store(c, f32x4.add(v128.load(d), s3));
  v128.store(c, f32x4.add(v128.load(d, 16), t3), 16);
  d += ldd;
  c += ldc;
  v128.store(c, f32x4.add(v128.load(d), s4));
  v128.store(c, f32x4.add(v128.load(d, 16), t4), 16);
  d += ldd;
  c += ldc;
  v128.store(c, f32x4.add(v128.load(d), s5));
  v128.store(c, f32x4.add(v128.load(d, 16), t5), 16);
}
