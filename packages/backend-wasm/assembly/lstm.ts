/**
 *     i, f, o = ract(zᵢ), ract(z_f), ract(zₒ)     g = act(z_g)     z = x·W + b + hₜ₋₁·U
 *     cₜ = f ⊙ cₜ₋₁ + i ⊙ g
 *     hₜ = o ⊙ act(cₜ)
 *
 * Keras has the gates as i f g o. In panels they are i f o g, so that one activation runs over three of them.
 */
import { activate, BY_INPUT } from './activations';
import { Call, clearPadding, padded, valid } from './call';
import { gemmShare } from './gemm';
import { madd } from './madd';
import { barrier, ownEnd, ownFrom } from './team';

export function lstmStep(call: Call, z: usize, t: i32, kept: usize): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  const wide = bytes << 2;
  gemmShare(call.h, bytes, B, w, call.U, w >> 1, z, wide, z, wide, call.pairsU);
  barrier();

  const from = ownFrom(B);
  const rows = ownEnd(B) - from;
  const own = <usize>from * bytes;
  z += own << 2;
  // What the slope needs as it is stays in z; then the gates are written to rows of their own, behind t.
  const keeping = call.keepH != 0;
  const room = call.t + <usize>B * bytes + (own << 2);
  const gates = keeping && call.ract >= BY_INPUT ? room : z;
  const g = (keeping && call.act >= BY_INPUT ? room : z) + 3 * bytes;
  activate(call.ract, z, wide, gates, wide, rows, 3 * w);
  activate(call.act, z + 3 * bytes, wide, g, wide, rows, w);
  const c = call.c + own;
  cells(call, gates, g, c, bytes, t, from);
  if (call.units != w) clearPadding(c, rows, call.units, w);
  const a = (keeping ? call.keepT + kept : call.t) + own;
  activate(call.act, c, bytes, a, bytes, rows, w);
  const h = call.h + own;
  outputs(call, gates + 2 * bytes, a, h, bytes, t, from);
  clearPadding(h, rows, call.units, w);
  if (keeping) memory.copy(call.keepC + kept + own, c, <usize>rows * bytes);
}

function cells(call: Call, gates: usize, g: usize, c: usize, bytes: usize, t: i32, from: i32): void {
  const wide = bytes << 2;
  const last = ownEnd(call.batch);
  for (let b = from; b < last; b++, gates += wide, g += wide, c += bytes) {
    if (!valid(call, b, t)) continue;
    const f = gates + bytes;
    for (let p: usize = 0; p < bytes; p += 16) {
      const added = f32x4.mul(v128.load(gates + p), v128.load(g + p));
      v128.store(c + p, madd(v128.load(f + p), v128.load(c + p), added));
    }
  }
}

function outputs(call: Call, o: usize, a: usize, h: usize, bytes: usize, t: i32, from: i32): void {
  const last = ownEnd(call.batch);
  for (let b = from; b < last; b++, o += bytes << 2, a += bytes, h += bytes) {
    if (!valid(call, b, t)) continue;
    for (let p: usize = 0; p < bytes; p += 16) v128.store(h + p, f32x4.mul(v128.load(o + p), v128.load(a + p)));
  }
}
