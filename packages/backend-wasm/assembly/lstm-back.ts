/**
 *     dc = dcₜ + dhₜ·o·act′(cₜ)                             dcₜ₋₁ = dc·f
 *     di, df, do, dg = dc·g, dc·cₜ₋₁, dhₜ·act(cₜ), dc·i     each times the slope of its gate
 *     dhₜ₋₁ = [di df do dg]·Uᵀ
 */
import { activate, BY_INPUT, slopes } from './activations';
import { Call, clearPadding, padded, valid } from './call';
import { gemmShare } from './gemm';
import { madd } from './madd';
import { barrier, ownEnd, ownFrom } from './team';

export function lstmBack(call: Call, z: usize, dz: usize, t: i32, kept: usize): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  const wide = bytes << 2;
  const last = 3 * bytes;
  const state = <usize>B * bytes;
  const from = ownFrom(B);
  const rows = ownEnd(B) - from;
  const own = <usize>from * bytes;
  const x = z + (own << 2);
  const dx = dz + (own << 2);
  const room = call.t + (own << 2);
  // Gates that were kept as they were before their activation.
  const gates = call.ract >= BY_INPUT ? room : x;
  const candidates = call.act >= BY_INPUT ? room : x;
  if (call.ract >= BY_INPUT) activate(call.ract, x, wide, gates, wide, rows, 3 * w);
  if (call.act >= BY_INPUT) activate(call.act, x + last, wide, candidates + last, wide, rows, w);
  const e = call.t + (state << 2) + own;
  slopes(call.ract, x, wide, dx, wide, rows, 3 * w);
  slopes(call.act, x + last, wide, dx + last, wide, rows, w);
  const a = call.keepT + kept + own;
  const c = call.keepC + kept + own;
  slopes(call.act, call.act < BY_INPUT ? a : c, bytes, e, bytes, rows, w);
  equation(call, gates, candidates + last, dx, a, c - state, e, bytes, t, from);
  clearPadding(dx, rows << 2, call.units, w);
  barrier();
  gemmShare(dz, wide, B, w << 2, call.U, w >> 3, call.h, bytes, call.h, bytes, 0);
}

// dz holds the slopes, and is given the gradients.
function equation(
  call: Call,
  i: usize,
  g: usize,
  dz: usize,
  a: usize,
  old: usize,
  e: usize,
  bytes: usize,
  t: i32,
  from: i32,
): void {
  const wide = bytes << 2;
  const last = ownEnd(call.batch);
  let dh = call.h + <usize>from * bytes;
  let dc = call.c + <usize>from * bytes;
  for (let b = from; b < last; b++) {
    if (valid(call, b, t)) {
      const f = i + bytes;
      const o = f + bytes;
      const df = dz + bytes;
      const d0 = df + bytes;
      const dg = d0 + bytes;
      for (let p: usize = 0; p < bytes; p += 16) {
        const h = v128.load(dh + p);
        const c = madd(f32x4.mul(h, v128.load(o + p)), v128.load(e + p), v128.load(dc + p));
        v128.store(dz + p, f32x4.mul(f32x4.mul(c, v128.load(g + p)), v128.load(dz + p)));
        v128.store(df + p, f32x4.mul(f32x4.mul(c, v128.load(old + p)), v128.load(df + p)));
        v128.store(d0 + p, f32x4.mul(f32x4.mul(h, v128.load(a + p)), v128.load(d0 + p)));
        v128.store(dg + p, f32x4.mul(f32x4.mul(c, v128.load(i + p)), v128.load(dg + p)));
        v128.store(dc + p, f32x4.mul(c, v128.load(f + p)));
      }
      memory.fill(dh, 0, bytes);
    } else {
      memory.fill(dz, 0, wide);
    }
    i += wide;
    g += wide;
    dz += wide;
    a += bytes;
    old += bytes;
    e += bytes;
    dh += bytes;
    dc += bytes;
  }
}
