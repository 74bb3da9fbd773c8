/**
 * A recurrence from its end to its beginning. Each step gives the gradients of its gates, dZ; those of weights and frames
 * follow from all steps at once:
 *
 *     dW = Xᵀ·dZ     dU = Hᵀ·dZ, with the states before each step     db = Σ dZ     dX = dZ·Wᵀ
 *
 * Sums over rows go step by step in the order of processing, and in a step from row to row, in blocks as in every product.
 * A masked step hands the gradient of its output to the step that it repeats.
 *
 * Of a team, each thread takes its rows of every step, its columns of the weights, and its steps of the frames.
 */
import { ones } from './activations';
import { Call, gatesOf, padded, valid } from './call';
import { BLOCK, gemm } from './gemm';
import { gruBack } from './gru-back';
import { lstmBack } from './lstm-back';
import { tile1, tile4 } from './matmul';
import { packBlock } from './pack';
import { inPlace, loadFrames } from './recurrence';
import { simpleRnnBack } from './simple-rnn-back';
import { barrier, ownEnd, ownFrom } from './team';

export function recurBack(call: Call): void {
  const B = call.batch;
  const w = padded(call.units);
  const state = <usize>B * ((<usize>w) << 2);
  const gates = state * <usize>gatesOf(call.cell);
  for (let at = call.time - 1; at >= 0; at--) {
    const t = call.reverse ? call.time - 1 - at : at;
    takeOutput(call, t, w, at == call.time - 1);
    const z = call.z + <usize>at * gates;
    const dz = call.dZ + <usize>at * gates;
    const kept = <usize>at * state;
    if (call.cell == 0) simpleRnnBack(call, z, dz, t);
    else if (call.cell == 1) lstmBack(call, z, dz, t, kept);
    else gruBack(call, z, dz, t, kept);
    barrier();
  }
  if (call.dW != 0 || call.dU != 0 || call.db != 0) weights(call, w);
  if (call.dx != 0) {
    // Their room held the frames of the weights.
    barrier();
    frames(call, w);
  }
}

// dh += what depends on the output of this step
function takeOutput(call: Call, t: i32, w: i32, last: bool): void {
  const row = (<usize>call.units) << 2;
  const bytes = (<usize>w) << 2;
  const some = call.y != 0 && (call.sequences || last);
  const whole = call.sequences ? row * <usize>call.time : row;
  const first = ownFrom(call.batch);
  const end = ownEnd(call.batch);
  let from = call.y + <usize>first * whole;
  if (call.sequences) from += <usize>t * row;
  let rest = call.repeated + <usize>first * bytes;
  let dh = call.h + <usize>first * bytes;
  for (let b = first; b < end; b++, rest += bytes, dh += bytes) {
    const now = valid(call, b, t);
    if (some && (now || !call.zeroOutput)) addRow(from, rest, row);
    if (now) {
      addRow(rest, dh, bytes);
      memory.fill(rest, 0, bytes);
    }
    from += whole;
  }
}

function addRow(x: usize, sum: usize, bytes: usize): void {
  let p: usize = 0;
  for (; p + 16 <= bytes; p += 16) v128.store(sum + p, f32x4.add(v128.load(sum + p), v128.load(x + p)));
  for (; p < bytes; p += 4) store<f32>(sum + p, load<f32>(sum + p) + load<f32>(x + p));
}

function weights(call: Call, w: i32): void {
  const rows = call.batch * call.time;
  const wide = gatesOf(call.cell) * w;
  const f4 = (call.inputs + 3) & ~3;
  const bytes = (<usize>w) << 2;
  const wideBytes = (<usize>wide) << 2;
  let x = call.x;
  if (call.dW != 0 && !inPlace(call)) {
    x = call.frames;
    const from = ownFrom(call.time);
    loadFrames(call, from, ownEnd(call.time) - from, x + <usize>(from * call.batch * f4) * 4);
    barrier();
  }
  // A GRU that resets after its product has a fourth gate here; one that resets before it multiplied its third with r ⊙ h.
  const after = call.cell == 3;
  const perGate = w >> 3;
  const count = (wide >> 3) + (after ? perGate : 0);
  const panel = BLOCK << 5;
  const own = ownFrom(count);
  const end = ownEnd(count);
  const fromZ = min(own, wide >> 3);
  const toZ = min(end, wide >> 3);
  for (let first = 0; first < rows; first += BLOCK) {
    const n = min(BLOCK, rows - first);
    const z = call.dZ + <usize>first * wideBytes + (<usize>fromZ << 5);
    packBlock(z, wide, 1, n, n, (toZ - fromZ) << 3, call.panels + <usize>(fromZ * panel), panel);
    if (end > toZ) {
      const from = max(own, toZ);
      const r = call.dR + <usize>first * bytes + (<usize>(from - 3 * perGate) << 5);
      packBlock(r, w, 1, n, n, (end - from) << 3, call.panels + <usize>(from * panel), panel);
    }
    const before = call.keepH + <usize>(first - call.batch) * bytes;
    const reset = call.keepT + <usize>first * bytes;
    let b = call.panels + <usize>(own * panel);
    for (let j = own; j < end; j++, b += panel) {
      const column = (<usize>j) << 5;
      if (call.db != 0) tile1(ones, 0, b, n, call.db + column, first);
      if (call.dW != 0 && j < 3 * perGate + (call.cell == 1 ? perGate : 0)) {
        rowsOf(x + <usize>(first * f4) * 4, f4, b, n, call.dW + column, wideBytes, first);
      }
      if (call.dU == 0 || (after && j >= 2 * perGate && j < 3 * perGate)) continue;
      const from = call.cell == 2 && j >= 2 * perGate ? reset : before;
      rowsOf(from, w, b, n, call.dU + (after && j >= 3 * perGate ? column - bytes : column), wideBytes, first);
    }
  }
}

// leftᵀ · panel: `width` rows of eight columns, from `n` rows of `width` floats.
function rowsOf(left: usize, width: i32, panel: usize, n: i32, c: usize, dc: usize, later: i32): void {
  const step = (<usize>width) << 2;
  for (let i = 0; i < width; i += 4, left += 16, c += dc << 2) tile4(left, 4, step, panel, n, c, dc, later);
}

function frames(call: Call, w: i32): void {
  const begin = ownFrom(call.time);
  const end = ownEnd(call.time);
  const rows = call.batch * end;
  const wide = gatesOf(call.cell) * w;
  const wideBytes = (<usize>wide) << 2;
  const f8 = padded(call.inputs);
  const step = (<usize>f8) << 2;
  const row = (<usize>call.inputs) << 2;
  let from = call.frames + <usize>(call.batch * begin) * step;
  memory.fill(from, 0, <usize>(rows - call.batch * begin) * step);
  for (let first = call.batch * begin; first < rows; first += BLOCK) {
    const to = call.frames + <usize>first * step;
    const n = min(BLOCK, rows - first);
    gemm(call.dZ + <usize>first * wideBytes, wideBytes, n, wide, call.W, f8 >> 3, to, step, to, step);
  }
  for (let at = begin; at < end; at++) {
    const t = call.reverse ? call.time - 1 - at : at;
    for (let b = 0; b < call.batch; b++, from += step) {
      const to = call.dx + <usize>(b * call.time + t) * row;
      // Of what is masked the gradient is 0 whatever the weights are.
      if (valid(call, b, t)) memory.copy(to, from, row);
      else memory.fill(to, 0, row);
    }
  }
}
