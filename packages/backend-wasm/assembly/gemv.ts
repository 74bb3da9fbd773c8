/**
 * c = d + a · panels for one row: a product that reads each weight once, so four panels are read side by side. The order of
 * the sums is that of `gemm`.
 */
import { BLOCK } from './gemm';
import { madd } from './madd';

export function gemv(a: usize, k: i32, panels: usize, count: i32, d: usize, c: usize): void {
  const panel = (<usize>k) << 5;
  for (let j = 0; j < count; j += 4) {
    const width = min(4, count - j);
    let from = d;
    for (let first = 0; first < k || first == 0; first += BLOCK) {
      const block = min(BLOCK, k - first);
      const p = a + ((<usize>first) << 2);
      const b = panels + ((<usize>first) << 5);
      if (width == 4) gemvRow4(p, block, b, panel, from, c);
      else if (width == 3) gemvRow3(p, block, b, panel, from, c);
      else if (width == 2) gemvRow2(p, block, b, panel, from, c);
      else gemvRow1(p, block, b, from, c);
      from = c;
    }
    panels += panel << 2;
    d += 128;
    c += 128;
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
    x = v128.load32_splat(a, 8);
    s0 = madd(x, v128.load(b, 64), s0);
    t0 = madd(x, v128.load(b, 80), t0);
    x = v128.load32_splat(a, 12);
    s0 = madd(x, v128.load(b, 96), s0);
    t0 = madd(x, v128.load(b, 112), t0);
    a += 16;
    b += 128;
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
    x = v128.load32_splat(a, 8);
    s0 = madd(x, v128.load(b, 64), s0);
    t0 = madd(x, v128.load(b, 80), t0);
    s1 = madd(x, v128.load(b1, 64), s1);
    t1 = madd(x, v128.load(b1, 80), t1);
    x = v128.load32_splat(a, 12);
    s0 = madd(x, v128.load(b, 96), s0);
    t0 = madd(x, v128.load(b, 112), t0);
    s1 = madd(x, v128.load(b1, 96), s1);
    t1 = madd(x, v128.load(b1, 112), t1);
    a += 16;
    b += 128;
    b1 += 128;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), s1), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), t1), 48);
}

/** Three panels of 24 columns in all. */
export function gemvRow3(a: usize, k: i32, b: usize, panel: usize, d: usize, c: usize): void {
  let b1 = b + panel;
  let b2 = b1 + panel;
  let s0 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let x: v128;
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    t0 = madd(x, v128.load(b, 16), t0);
    s1 = madd(x, v128.load(b1), s1);
    t1 = madd(x, v128.load(b1, 16), t1);
    s2 = madd(x, v128.load(b2), s2);
    t2 = madd(x, v128.load(b2, 16), t2);
    x = v128.load32_splat(a, 4);
    s0 = madd(x, v128.load(b, 32), s0);
    t0 = madd(x, v128.load(b, 48), t0);
    s1 = madd(x, v128.load(b1, 32), s1);
    t1 = madd(x, v128.load(b1, 48), t1);
    s2 = madd(x, v128.load(b2, 32), s2);
    t2 = madd(x, v128.load(b2, 48), t2);
    x = v128.load32_splat(a, 8);
    s0 = madd(x, v128.load(b, 64), s0);
    t0 = madd(x, v128.load(b, 80), t0);
    s1 = madd(x, v128.load(b1, 64), s1);
    t1 = madd(x, v128.load(b1, 80), t1);
    s2 = madd(x, v128.load(b2, 64), s2);
    t2 = madd(x, v128.load(b2, 80), t2);
    x = v128.load32_splat(a, 12);
    s0 = madd(x, v128.load(b, 96), s0);
    t0 = madd(x, v128.load(b, 112), t0);
    s1 = madd(x, v128.load(b1, 96), s1);
    t1 = madd(x, v128.load(b1, 112), t1);
    s2 = madd(x, v128.load(b2, 96), s2);
    t2 = madd(x, v128.load(b2, 112), t2);
    a += 16;
    b += 128;
    b1 += 128;
    b2 += 128;
  }
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), t0), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), s1), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), t1), 48);
  v128.store(c, f32x4.add(v128.load(d, 64), s2), 64);
  v128.store(c, f32x4.add(v128.load(d, 80), t2), 80);
}

/** Four panels of 32 columns in all. */
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
  let x: v128;
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    t0 = madd(x, v128.load(b, 16), t0);
    s1 = madd(x, v128.load(b1), s1);
    t1 = madd(x, v128.load(b1, 16), t1);
    s2 = madd(x, v128.load(b2), s2);
    t2 = madd(x, v128.load(b2, 16), t2);
    s3 = madd(x, v128.load(b3), s3);
    t3 = madd(x, v128.load(b3, 16), t3);
    x = v128.load32_splat(a, 4);
    s0 = madd(x, v128.load(b, 32), s0);
    t0 = madd(x, v128.load(b, 48), t0);
    s1 = madd(x, v128.load(b1, 32), s1);
    t1 = madd(x, v128.load(b1, 48), t1);
    s2 = madd(x, v128.load(b2, 32), s2);
    t2 = madd(x, v128.load(b2, 48), t2);
    s3 = madd(x, v128.load(b3, 32), s3);
    t3 = madd(x, v128.load(b3, 48), t3);
    x = v128.load32_splat(a, 8);
    s0 = madd(x, v128.load(b, 64), s0);
    t0 = madd(x, v128.load(b, 80), t0);
    s1 = madd(x, v128.load(b1, 64), s1);
    t1 = madd(x, v128.load(b1, 80), t1);
    s2 = madd(x, v128.load(b2, 64), s2);
    t2 = madd(x, v128.load(b2, 80), t2);
    s3 = madd(x, v128.load(b3, 64), s3);
    t3 = madd(x, v128.load(b3, 80), t3);
    x = v128.load32_splat(a, 12);
    s0 = madd(x, v128.load(b, 96), s0);
    t0 = madd(x, v128.load(b, 112), t0);
    s1 = madd(x, v128.load(b1, 96), s1);
    t1 = madd(x, v128.load(b1, 112), t1);
    s2 = madd(x, v128.load(b2, 96), s2);
    t2 = madd(x, v128.load(b2, 112), t2);
    s3 = madd(x, v128.load(b3, 96), s3);
    t3 = madd(x, v128.load(b3, 112), t3);
    a += 16;
    b += 128;
    b1 += 128;
    b2 += 128;
    b3 += 128;
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
