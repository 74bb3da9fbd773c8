/**
 *     dz = dhₜ·(hₜ₋₁ − ĥ)     dĥ = dhₜ·(1 − z)     dhₜ₋₁ = dhₜ·z + [dz dr]·[U_z U_r]ᵀ + …     each gate times its slope
 *     reset after:   dr = dĥ·(h·U_h + b'_h)      … = (dĥ·r)·U_hᵀ
 *     reset before:  dr = s·hₜ₋₁                 … = s·r     with s = dĥ·U_hᵀ
 */
import { activate, BY_INPUT, slopes } from './activations';
import { Call, clearPadding, padded, valid } from './call';
import { gemmShare } from './gemm';
import { madd } from './madd';
import { barrier, ownEnd, ownFrom } from './team';

export function gruBack(call: Call, z: usize, dz: usize, t: i32, kept: usize): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  const wide = 3 * bytes;
  const last = bytes << 1;
  const state = <usize>B * bytes;
  const from = ownFrom(B);
  const rows = ownEnd(B) - from;
  const own = <usize>from * bytes;
  const x = z + 3 * own;
  const dx = dz + 3 * own;
  const room = call.t + 3 * own;
  // Gates that were kept as they were before their activation.
  const gates = call.ract >= BY_INPUT ? room : x;
  const candidates = call.act >= BY_INPUT ? room : x;
  if (call.ract >= BY_INPUT) activate(call.ract, x, wide, gates, wide, rows, 2 * w);
  if (call.act >= BY_INPUT) activate(call.act, x + last, wide, candidates + last, wide, rows, w);
  slopes(call.ract, x, wide, dx, wide, rows, 2 * w);
  slopes(call.act, x + last, wide, dx + last, wide, rows, w);
  const h = call.keepH + kept - state + own;
  const dhOwn = call.h + own;
  update(call, gates, candidates + last, dx, h, dhOwn, bytes, t, from);
  clearPadding(dx, 3 * rows, call.units, w);
  // Panels of U_z and U_r, then those of U_h.
  const U = call.U + <usize>w * last;
  const dh = call.h;
  if (call.cell == 3) {
    const dr = call.dR + kept;
    resetAfter(rows, gates + bytes, call.keepT + kept + own, dx + bytes, dr + own, bytes);
    clearPadding(dr + own, rows, call.units, w);
    clearPadding(dx, 3 * rows, call.units, w);
    barrier();
    gemmShare(dr, bytes, B, w, U, w >> 3, dh, bytes, dh, bytes, 0);
  } else {
    const s = call.c;
    memory.fill(s + own, 0, <usize>rows * bytes);
    barrier();
    gemmShare(dz + last, wide, B, w, U, w >> 3, s, bytes, s, bytes, 0);
    barrier();
    resetBefore(rows, gates + bytes, s + own, h, dx + bytes, dhOwn, bytes);
    clearPadding(dx, 3 * rows, call.units, w);
    barrier();
  }
  gemmShare(dz, wide, B, 2 * w, call.U, w >> 3, dh, bytes, dh, bytes, 0);
}

// dz holds the slopes, and is given the gradients of z and ĥ.
function update(
  call: Call,
  z: usize,
  g: usize,
  dz: usize,
  h: usize,
  dh: usize,
  bytes: usize,
  t: i32,
  from: i32,
): void {
  const wide = 3 * bytes;
  const one = f32x4.splat(1);
  const last = ownEnd(call.batch);
  for (let b = from; b < last; b++, z += wide, g += wide, dz += wide, h += bytes, dh += bytes) {
    if (!valid(call, b, t)) {
      memory.fill(dz, 0, wide);
      continue;
    }
    const dg = dz + (bytes << 1);
    for (let p: usize = 0; p < bytes; p += 16) {
      const d = v128.load(dh + p);
      const keep = v128.load(z + p);
      const away = f32x4.sub(v128.load(h + p), v128.load(g + p));
      v128.store(dz + p, f32x4.mul(f32x4.mul(d, away), v128.load(dz + p)));
      v128.store(dg + p, f32x4.mul(f32x4.mul(d, f32x4.sub(one, keep)), v128.load(dg + p)));
      v128.store(dh + p, f32x4.mul(d, keep));
    }
  }
}

function resetAfter(rows: i32, r: usize, s: usize, dz: usize, dr: usize, bytes: usize): void {
  const wide = 3 * bytes;
  for (let b = 0; b < rows; b++, r += wide, s += bytes, dz += wide, dr += bytes) {
    for (let p: usize = 0; p < bytes; p += 16) {
      const g = v128.load(dz + bytes + p);
      v128.store(dz + p, f32x4.mul(f32x4.mul(g, v128.load(s + p)), v128.load(dz + p)));
      v128.store(dr + p, f32x4.mul(g, v128.load(r + p)));
    }
  }
}

function resetBefore(rows: i32, r: usize, s: usize, h: usize, dz: usize, dh: usize, bytes: usize): void {
  const wide = 3 * bytes;
  for (let b = 0; b < rows; b++, r += wide, s += bytes, h += bytes, dz += wide, dh += bytes) {
    for (let p: usize = 0; p < bytes; p += 16) {
      const d = v128.load(s + p);
      v128.store(dz + p, f32x4.mul(f32x4.mul(d, v128.load(h + p)), v128.load(dz + p)));
      v128.store(dh + p, madd(d, v128.load(r + p), v128.load(dh + p)));
    }
  }
}
