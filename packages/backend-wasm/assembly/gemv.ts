/**
 * c = d + a · panels for one row: a product that reads each weight once, so some panels are read side by side. The order of
 * the sums is that of `gemm`.
 *
 * An engine makes all loads of a round of the loop first, then sums: what they need together with the sums has to fit into
 * the fifteen registers it has for that, or goes through memory at half the speed. With one row of weights in each round that
 * is three panels; four where a product and its sum are one instruction.
 */
import { BLOCK } from './gemm';
import { madd } from './madd';

export function gemv(a: usize, k: i32, panels: usize, count: i32, d: usize, c: usize): void {
  const panel = (<usize>k) << 5;
  const most = ASC_FEATURE_RELAXED_SIMD ? 4 : 3;
  for (let j = 0; j < count;) {
    const left = count - j;
    // Four are two and two: one alone would wait for its own sums.
    const width = left == 4 && most == 3 ? 2 : min(most, left);
    let from = d;
    for (let first = 0; first < k || first == 0; first += BLOCK) {
      const block = min(BLOCK, k - first);
      const p = a + ((<usize>first) << 2);
      const b = panels + ((<usize>first) << 5);
      if (ASC_FEATURE_RELAXED_SIMD && width == 4) gemvRow4(p, block, b, panel, from, c);
      else if (width == 3) gemvRow3(p, block, b, panel, from, c);
      else if (width == 2) gemvRow2(p, block, b, panel, from, c);
      else gemvRow1(p, block, b, from, c);
      from = c;
    }
    panels += panel * <usize>width;
    d += (<usize>width) << 5;
    c += (<usize>width) << 5;
    j += width;
  }
}

/** One panel. */
export function gemvRow1(a: usize, k: i32, b: usize, d: usize, c: usize): void {
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let x: v128;
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    t0 = madd(x, v128.load(b, 16), t0);
    x = v128.load32_splat(a, 4);
    s0 = madd(x, v128.load(b, 32), s0);
    t0 = madd(x, v128.load(b, 48), t0);
    a += 8;
    b += 64;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
}

/** Two panels of 16 columns in all. */
export function gemvRow2(a: usize, k: i32, b: usize, panel: usize, d: usize, c: usize): void {
  let b1 = b + panel;
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let x: v128;
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    t0 = madd(x, v128.load(b, 16), t0);
    s1 = madd(x, v128.load(b1), s1);
    t1 = madd(x, v128.load(b1, 16), t1);
    x = v128.load32_splat(a, 4);
    s0 = madd(x, v128.load(b, 32), s0);
    t0 = madd(x, v128.load(b, 48), t0);
    s1 = madd(x, v128.load(b1, 32), s1);
    t1 = madd(x, v128.load(b1, 48), t1);
    a += 8;
    b += 64;
    b1 += 64;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), s1), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), t1), 48);
}

/** Three panels. */
export function gemvRow3(a: usize, k: i32, b: usize, panel: usize, d: usize, c: usize): void {
  let b1 = b + panel;
  let b2 = b1 + panel;
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    const x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    t0 = madd(x, v128.load(b, 16), t0);
    s1 = madd(x, v128.load(b1), s1);
    t1 = madd(x, v128.load(b1, 16), t1);
    s2 = madd(x, v128.load(b2), s2);
    t2 = madd(x, v128.load(b2, 16), t2);
    a += 4;
    b += 32;
    b1 += 32;
    b2 += 32;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), s1), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), t1), 48);
  v128.store(c, f32x4.add(v128.load(d, 64), s2), 64);
  v128.store(c, f32x4.add(v128.load(d, 80), t2), 80);
}

/** Four panels. */
export function gemvRow4(a: usize, k: i32, b: usize, panel: usize, d: usize, c: usize): void {
  let b1 = b + panel;
  let b2 = b1 + panel;
  let b3 = b2 + panel;
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    const x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    t0 = madd(x, v128.load(b, 16), t0);
    s1 = madd(x, v128.load(b1), s1);
    t1 = madd(x, v128.load(b1, 16), t1);
    s2 = madd(x, v128.load(b2), s2);
    t2 = madd(x, v128.load(b2, 16), t2);
    s3 = madd(x, v128.load(b3), s3);
    t3 = madd(x, v128.load(b3, 16), t3);
    a += 4;
    b += 32;
    b1 += 32;
    b2 += 32;
    b3 += 32;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), s1), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), t1), 48);
  v128.store(c, f32x4.add(v128.load(d, 64), s2), 64);
  v128.store(c, f32x4.add(v128.load(d, 80), t2), 80);
  v128.store(c, f32x4.add(v128.load(d, 96), s3), 96);
  v128.store(c, f32x4.add(v128.load(d, 112), t3), 112);
}

/**
 * Pairs of panels whose rows lie side by side, 16 columns: what comes from memory then comes in one straight line, which is
 * a third faster than three.
 */
export function gemvPairs(a: usize, k: i32, pairs: usize, count: i32, d: usize, c: usize): void {
  for (let j = 0; j < count; j++) {
    let from = d;
    for (let first = 0; first < k; first += BLOCK) {
      gemvPair(a + ((<usize>first) << 2), min(BLOCK, k - first), pairs + ((<usize>first) << 6), from, c);
      from = c;
    }
    pairs += (<usize>k) << 6;
    d += 64;
    c += 64;
  }
}

export function gemvPair(a: usize, k: i32, b: usize, d: usize, c: usize): void {
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  const end = b + ((<usize>k) << 6);
  while (b < end) {
    const x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    t0 = madd(x, v128.load(b, 16), t0);
    s1 = madd(x, v128.load(b, 32), s1);
    t1 = madd(x, v128.load(b, 48), t1);
    a += 4;
    b += 64;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), s1), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), t1), 48);
}
