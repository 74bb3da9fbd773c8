/** dz = dh·act′(z), dhₜ₋₁ = dz·Uᵀ */
import { slopes } from './activations';
import { Call, clearPadding, padded, valid } from './call';
import { gemmShare } from './gemm';
import { barrier, ownEnd, ownFrom } from './team';

export function simpleRnnBack(call: Call, z: usize, dz: usize, t: i32): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  const from = ownFrom(B);
  const last = ownEnd(B);
  const own = <usize>from * bytes;
  slopes(call.act, z + own, bytes, dz + own, bytes, last - from, w);
  let dh = call.h + own;
  let to = dz + own;
  for (let b = from; b < last; b++, dh += bytes, to += bytes) {
    if (!valid(call, b, t)) {
      memory.fill(to, 0, bytes);
      continue;
    }
    for (let p: usize = 0; p < bytes; p += 16) {
      v128.store(to + p, f32x4.mul(v128.load(dh + p), v128.load(to + p)));
    }
    memory.fill(dh, 0, bytes);
  }
  clearPadding(dz + own, last - from, call.units, w);
  barrier();
  gemmShare(dz, bytes, B, w, call.U, w >> 3, call.h, bytes, call.h, bytes, 0);
}
