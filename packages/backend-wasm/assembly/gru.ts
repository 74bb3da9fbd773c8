/**
 *     z = ract(x·W_z + b_z + h·U_z)     r = ract(x·W_r + b_r + h·U_r)            h = hₜ₋₁, gates z r h
 *     reset after:   ĥ = act(x·W_h + b_h + r ⊙ (h·U_h + b'_h))
 *     reset before:  ĥ = act(x·W_h + b_h + (r ⊙ h)·U_h)
 *     hₜ = z ⊙ h + (1 − z) ⊙ ĥ
 *
 * The row of the bias has b'_h as its fourth gate.
 */
import { activate, BY_INPUT } from './activations';
import { Call, clearPadding, padded, valid } from './call';
import { gemmShare } from './gemm';
import { madd } from './madd';
import { barrier, ownEnd, ownFrom } from './team';

export function gruStep(call: Call, z: usize, t: i32, kept: usize): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  const wide: usize = 3 * bytes;
  const last = call.U + <usize>w * (bytes << 1);
  const from = ownFrom(B);
  const rows = ownEnd(B) - from;
  const own = <usize>from * bytes;
  const keeping = call.keepH != 0;
  // What the slope needs as it is stays in z; then the gates are written to rows of their own, behind t.
  const room = call.t + <usize>B * bytes;
  const x = z + 3 * own;
  const candidate = x + 2 * bytes;
  const gates = keeping && call.ract >= BY_INPUT ? room + 3 * own : x;
  const g = keeping && call.act >= BY_INPUT ? room + 3 * own + 2 * bytes : candidate;
  const s = keeping ? call.keepT + kept : call.t;
  const h = call.h + own;

  gemmShare(call.h, bytes, B, w, call.U, w >> 2, z, wide, z, wide, call.pairsU);
  if (call.cell == 3) gemmShare(call.h, bytes, B, w, last, w >> 3, call.bias + wide, 0, s, bytes, call.pairsU);
  barrier();
  activate(call.ract, x, wide, gates, wide, rows, 2 * w);
  if (call.cell == 3) {
    addReset(rows, gates + bytes, s + own, candidate, bytes);
  } else {
    reset(rows, gates + bytes, h, s + own, bytes);
    clearPadding(s + own, rows, call.units, w);
    barrier();
    gemmShare(s, bytes, B, w, last, w >> 3, z + 2 * bytes, wide, z + 2 * bytes, wide, call.pairsU);
    barrier();
  }
  activate(call.act, candidate, wide, g, wide, rows, w);
  update(call, gates, g, h, bytes, t, from);
  clearPadding(h, rows, call.units, w);
}

// candidate += r ⊙ s
function addReset(rows: i32, r: usize, s: usize, candidate: usize, bytes: usize): void {
  for (let b = 0; b < rows; b++, r += 3 * bytes, candidate += 3 * bytes, s += bytes) {
    for (let p: usize = 0; p < bytes; p += 16) {
      v128.store(candidate + p, madd(v128.load(r + p), v128.load(s + p), v128.load(candidate + p)));
    }
  }
}

// s = r ⊙ h
function reset(rows: i32, r: usize, h: usize, s: usize, bytes: usize): void {
  for (let b = 0; b < rows; b++, r += 3 * bytes, h += bytes, s += bytes) {
    for (let p: usize = 0; p < bytes; p += 16) v128.store(s + p, f32x4.mul(v128.load(r + p), v128.load(h + p)));
  }
}

function update(call: Call, z: usize, g: usize, h: usize, bytes: usize, t: i32, from: i32): void {
  const one = f32x4.splat(1);
  const last = ownEnd(call.batch);
  for (let b = from; b < last; b++, z += 3 * bytes, g += 3 * bytes, h += bytes) {
    if (!valid(call, b, t)) continue;
    for (let p: usize = 0; p < bytes; p += 16) {
      const keep = v128.load(z + p);
      const taken = f32x4.mul(f32x4.sub(one, keep), v128.load(g + p));
      v128.store(h + p, madd(keep, v128.load(h + p), taken));
    }
  }
}
