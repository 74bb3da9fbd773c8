/**
 *     i, f, o = ract(zᵢ), ract(z_f), ract(zₒ)     g = act(z_g)     z = x·W + b + hₜ₋₁·U
 *     cₜ = f ⊙ cₜ₋₁ + i ⊙ g
 *     hₜ = o ⊙ act(cₜ)
 *
 * Keras has the gates as i f g o. In panels they are i f o g, so that one activation runs over three of them.
 */
import { activate, BY_INPUT } from './activations';
import { gemm } from './gemm';
import { madd } from './madd';
import { Call, clearPadding, padded, valid } from './call';

export function lstmStep(call: Call, z: usize, t: i32, kept: usize): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  const wide = bytes << 2;
  gemm(call.h, bytes, B, w, call.U, w >> 1, z, wide, z, wide);

  // What the slope needs as it is stays in z; then the gates are written to rows of their own, behind t.
  const keeping = call.keepH != 0;
  const room = call.t + <usize>B * bytes;
  const gates = keeping && call.ract >= BY_INPUT ? room : z;
  const g = (keeping && call.act >= BY_INPUT ? room : z) + 3 * bytes;
  activate(call.ract, z, wide, gates, wide, B, 3 * w);
  activate(call.act, z + 3 * bytes, wide, g, wide, B, w);
  cells(call, gates, g, bytes, t);
  if (call.units != w) clearPadding(call.c, B, call.units, w);
  const a = keeping ? call.keepT + kept : call.t;
  activate(call.act, call.c, bytes, a, bytes, B, w);
  outputs(call, gates + 2 * bytes, a, bytes, t);
  clearPadding(call.h, B, call.units, w);
  if (keeping) memory.copy(call.keepC + kept, call.c, <usize>B * bytes);
}

function cells(call: Call, gates: usize, g: usize, bytes: usize, t: i32): void {
  let c = call.c;
  const wide = bytes << 2;
  for (let b = 0; b < call.batch; b++, gates += wide, g += wide, c += bytes) {
    if (!valid(call, b, t)) continue;
    const f = gates + bytes;
    for (let p: usize = 0; p < bytes; p += 16) {
      const added = f32x4.mul(v128.load(gates + p), v128.load(g + p));
      v128.store(c + p, madd(v128.load(f + p), v128.load(c + p), added));
    }
  }
}

function outputs(call: Call, o: usize, a: usize, bytes: usize, t: i32): void {
  let h = call.h;
  for (let b = 0; b < call.batch; b++, o += bytes << 2, a += bytes, h += bytes) {
    if (!valid(call, b, t)) continue;
    for (let p: usize = 0; p < bytes; p += 16) v128.store(h + p, f32x4.mul(v128.load(o + p), v128.load(a + p)));
  }
}
