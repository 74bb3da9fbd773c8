/** hₜ = act(x·W + b + hₜ₋₁·U); for the way back z keeps h, or x·W + b + hₜ₋₁·U where the slope needs it. */
import { activate, BY_INPUT } from './activations';
import { Call, clearPadding, padded, takeRows } from './call';
import { gemmShare } from './gemm';
import { barrier, ownEnd, ownFrom } from './team';

export function simpleRnnStep(call: Call, z: usize, t: i32): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  gemmShare(call.h, bytes, B, w, call.U, w >> 3, z, bytes, z, bytes, call.pairsU);
  barrier();
  const b = ownFrom(B);
  const rows = ownEnd(B) - b;
  const own = <usize>b * bytes;
  const h = call.h + own;
  const x = z + own;
  if (call.keepH != 0 && call.act < BY_INPUT) {
    activate(call.act, x, bytes, x, bytes, rows, w);
    takeRows(call, z, w, t);
  } else if (call.mask != 0) {
    activate(call.act, x, bytes, call.t + own, bytes, rows, w);
    takeRows(call, call.t, w, t);
  } else {
    activate(call.act, x, bytes, h, bytes, rows, w);
  }
  clearPadding(h, rows, call.units, w);
}
