/**
 * A recurrence over a whole sequence, in one call: projection, steps, masks and outputs.
 */
import { Call, gatesOf, padded, valid } from './call';
import { gemmShare } from './gemm';
import { gruStep } from './gru';
import { lstmStep } from './lstm';
import { padRows } from './pack';
import { simpleRnnStep } from './simple-rnn';
import { barrier, ownEnd, ownFrom } from './team';

/**
 * The frames of some steps, in processing order, all rows of a step together, padded to whole k; those that are masked
 * are zeros, whatever lies there.
 */
export function loadFrames(call: Call, first: i32, steps: i32, target: usize): void {
  const f = call.inputs;
  const wide = (f + 3) & ~3;
  const row = (<usize>f) << 2;
  const step = <usize>call.batch * ((<usize>wide) << 2);
  const whole = row * <usize>call.time;
  for (let i = first; i < first + steps; i++, target += step) {
    const t = call.reverse ? call.time - 1 - i : i;
    padRows(call.x + <usize>t * row, whole, target, (<usize>wide) << 2, call.batch, f, wide);
    if (call.mask == 0) continue;
    for (let b = 0; b < call.batch; b++) {
      if (!valid(call, b, t)) memory.fill(target + <usize>b * ((<usize>wide) << 2), 0, (<usize>wide) << 2);
    }
  }
}

/** Frames that lie as they are needed are read where they are. */
export function inPlace(call: Call): bool {
  if (call.mask != 0 || (call.inputs & 3) != 0) return false;
  return call.time == 1 || (call.batch == 1 && !call.reverse);
}

/** All of y, and the last states in h and c; of a team, each thread's share of them. */
export function recur(call: Call): void {
  const B = call.batch;
  const T = call.time;
  const u = call.units;
  const w = padded(u);
  const f4 = (call.inputs + 3) & ~3;
  const wide = gatesOf(call.cell) * w;
  const wideBytes = (<usize>wide) << 2;
  const state = <usize>B * ((<usize>w) << 2);
  const row = (<usize>u) << 2;
  const whole = call.sequences ? row * <usize>T : row;
  const b = ownFrom(B);
  const rows = ownEnd(B) - b;
  const own = <usize>b * ((<usize>w) << 2);
  const ownBytes = <usize>rows * ((<usize>w) << 2);
  if (call.mask != 0) memory.fill(call.begun + b, 0, rows);
  if (call.mask != 0 || T == 0) memory.fill(call.y + <usize>b * whole, 0, <usize>rows * whole);
  const direct = inPlace(call);
  for (let first = 0; first < T; first += call.steps) {
    const steps = min(call.steps, T - first);
    let frames = call.frames;
    if (direct) frames = call.x + <usize>first * ((<usize>f4) << 2);
    else {
      const from = ownFrom(steps);
      loadFrames(call, first + from, ownEnd(steps) - from, frames + <usize>(from * B * f4) * 4);
      barrier();
    }
    const gates = call.keepH != 0 ? call.z + <usize>(first * B) * wideBytes : call.z;
    gemmShare(frames, (<usize>f4) << 2, steps * B, f4, call.W, wide >> 3, call.bias, 0, gates, wideBytes, call.pairsW);
    barrier();
    for (let i = 0; i < steps; i++) {
      const at = first + i;
      const t = call.reverse ? T - 1 - at : at;
      const z = gates + <usize>(i * B) * wideBytes;
      const kept = <usize>at * state;
      if (call.cell == 0) simpleRnnStep(call, z, t);
      else if (call.cell == 1) lstmStep(call, z, t, kept);
      else gruStep(call, z, t, kept);
      if (call.keepH != 0) memory.copy(call.keepH + kept + own, call.h + own, ownBytes);
      if (call.sequences || at == T - 1 || call.mask != 0) {
        const to = (call.sequences ? call.y + <usize>t * row : call.y) + <usize>b * whole;
        if (call.mask == 0) padRows(call.h + own, (<usize>w) << 2, to, whole, rows, u, u);
        else output(call, to, whole, w, t, at == T - 1);
      }
      // The next step, and the next frames, read what all have written.
      barrier();
    }
  }
}

// A masked step repeats the output before it, which is h, or 0 as long as no step was valid.
function output(call: Call, to: usize, whole: usize, w: i32, t: i32, last: bool): void {
  const all = ownEnd(call.batch);
  for (let b = ownFrom(call.batch); b < all; b++, to += whole) {
    const now = valid(call, b, t);
    if (now) store<u8>(call.begun + b, 1);
    if (!now && (call.zeroOutput || load<u8>(call.begun + b) == 0)) continue;
    if (call.sequences || last) memory.copy(to, call.h + <usize>(b * w) * 4, (<usize>call.units) << 2);
  }
}
