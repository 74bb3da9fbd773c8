// a_ij = softmax_j(scale · e_ij) over what is visible, and its gradient; and additive scores, e_ij = v · tanh(q_i + k_j).
import { tanhRows } from './activations';
import { exp } from './math';

// Whether query i sees key j: `mask` is that of the row, 0 where there is none.
function visible(mask: usize, causal: i32, i: i32, j: i32): bool {
  return (causal == 0 || j <= i) && (mask == 0 || load<u8>(mask + j) != 0);
}

/**
 * Weights in place of the scores [queries, n]; `e` is room for n doubles. What is hidden weighs 0 whatever its score; a
 * query that sees nothing has uniform weights.
 */
export function attendRows(s: usize, queries: i32, n: i32, scale: f64, mask: usize, causal: i32, e: usize): void {
  const row = (<usize>n) << 2;
  for (let i = 0; i < queries; i++, s += row) {
    let top: f64 = -Infinity;
    let seen = 0;
    for (let j = 0; j < n; j++) {
      if (!visible(mask, causal, i, j)) continue;
      top = max(top, <f64>load<f32>(s + ((<usize>j) << 2)) * scale);
      seen++;
    }
    let sum: f64 = 0;
    for (let j = 0; j < n; j++) {
      let v: f64 = 0;
      if (seen == 0) v = 1;
      else if (visible(mask, causal, i, j)) v = exp(<f64>load<f32>(s + ((<usize>j) << 2)) * scale - top);
      store<f64>(e + ((<usize>j) << 3), v);
      sum += v;
    }
    for (let j = 0; j < n; j++) store<f32>(s + ((<usize>j) << 2), <f32>(load<f64>(e + ((<usize>j) << 3)) / sum));
    if (mask != 0) mask += n;
  }
}

/**
 * In place of the gradients g of the weights a, those of the scores: scale · a_ij · (g_ij − Σⱼ a_ij·g_ij), and 0 for what
 * is hidden and for a query that sees nothing.
 */
export function attendRowsBack(
  g: usize,
  a: usize,
  queries: i32,
  n: i32,
  scale: f64,
  mask: usize,
  causal: i32,
): void {
  const row = (<usize>n) << 2;
  for (let i = 0; i < queries; i++, g += row, a += row) {
    let dot: f64 = 0;
    for (let j = 0; j < n; j++) {
      const at = (<usize>j) << 2;
      if (visible(mask, causal, i, j)) dot += <f64>load<f32>(a + at) * <f64>load<f32>(g + at);
    }
    for (let j = 0; j < n; j++) {
      const at = (<usize>j) << 2;
      const v = visible(mask, causal, i, j) ? scale * <f64>load<f32>(a + at) * (<f64>load<f32>(g + at) - dot) : 0;
      store<f32>(g + at, <f32>v);
    }
    if (mask != 0) mask += n;
  }
}

// t_j = tanh(q + k_j) for all keys; rows of d floats, a multiple of 4.
function meet(q: usize, k: usize, keys: i32, d: i32, t: usize): void {
  const row = (<usize>d) << 2;
  let to = t;
  for (let j = 0; j < keys; j++, k += row, to += row) {
    for (let p: usize = 0; p < row; p += 16) v128.store(to + p, f32x4.add(v128.load(q + p), v128.load(k + p)));
  }
  tanhRows(t, row, t, row, keys, d);
}

/** s [queries, keys] of rows of d floats, a multiple of 4 (padded with zeros); `t` is room for the keys once more. */
export function additiveScores(
  q: usize,
  k: usize,
  v: usize,
  queries: i32,
  keys: i32,
  d: i32,
  s: usize,
  t: usize,
): void {
  const row = (<usize>d) << 2;
  for (let i = 0; i < queries; i++, q += row) {
    meet(q, k, keys, d, t);
    let from = t;
    for (let j = 0; j < keys; j++, from += row, s += 4) {
      let sum = f32x4.splat(0);
      for (let p: usize = 0; p < row; p += 16) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(v + p), v128.load(from + p)));
      }
      const two = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1));
      store<f32>(s, f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1));
    }
  }
}

/** Adds to dq, dk and dv what gradients g of the scores give: rows as above. */
export function additiveScoresBack(
  q: usize,
  k: usize,
  v: usize,
  queries: i32,
  keys: i32,
  d: i32,
  g: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  t: usize,
): void {
  const row = (<usize>d) << 2;
  const one = f32x4.splat(1);
  for (let i = 0; i < queries; i++, q += row, dq += row) {
    meet(q, k, keys, d, t);
    let from = t;
    let to = dk;
    for (let j = 0; j < keys; j++, from += row, to += row, g += 4) {
      const w = v128.load32_splat(g);
      for (let p: usize = 0; p < row; p += 16) {
        const u = v128.load(from + p);
        const slope = f32x4.mul(f32x4.mul(w, v128.load(v + p)), f32x4.sub(one, f32x4.mul(u, u)));
        v128.store(dq + p, f32x4.add(v128.load(dq + p), slope));
        v128.store(to + p, f32x4.add(v128.load(to + p), slope));
        v128.store(dv + p, f32x4.add(v128.load(dv + p), f32x4.mul(w, u)));
      }
    }
  }
}
