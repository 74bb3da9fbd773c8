/** hₜ = act(x·W + b + hₜ₋₁·U); for the way back z keeps h, or x·W + b + hₜ₋₁·U where the slope needs it. */
import { activate, BY_INPUT } from './activations';
import { gemm } from './gemm';
import { Call, clearPadding, padded, takeRows } from './call';

export function simpleRnnStep(call: Call, z: usize, t: i32): void {
  const B = call.batch;
  const w = padded(call.units);
  const bytes = (<usize>w) << 2;
  gemm(call.h, bytes, B, w, call.U, w >> 3, z, bytes, z, bytes);
  if (call.keepH != 0 && call.act < BY_INPUT) {
    activate(call.act, z, bytes, z, bytes, B, w);
    takeRows(call, z, w, t);
  } else if (call.mask != 0) {
    activate(call.act, z, bytes, call.t, bytes, B, w);
    takeRows(call, call.t, w, t);
  } else {
    activate(call.act, z, bytes, call.h, bytes, B, w);
  }
  clearPadding(call.h, B, call.units, w);
}
