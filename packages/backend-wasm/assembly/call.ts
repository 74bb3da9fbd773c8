/**
 * One call of a recurrent kernel, as the host describes it in words of memory: addresses are bytes, sizes are elements. Rows
 * are `w` floats for a gate or a state, u padded to whole panels; what lies beyond u is of no meaning in gates, and 0 in
 * states.
 */
import { WIDTH } from './pack';
import { ownEnd, ownFrom } from './team';

@unmanaged
export class Call {
  /** 0 simple, 1 LSTM, 2 GRU, 3 GRU with reset after */
  cell: i32;
  act: i32;
  ract: i32;
  batch: i32;
  time: i32;
  inputs: i32;
  units: i32;
  reverse: i32;
  sequences: i32;
  zeroOutput: i32;
  /** [B, T, F], and 1 byte for each [B, T], or 0 */
  x: usize;
  mask: usize;
  /** Panels, and the rows that sums begin with. */
  W: usize;
  U: usize;
  bias: usize;
  /** [B, w]: h, c, and room for one more. */
  h: usize;
  c: usize;
  t: usize;
  /** A byte for each row: whether there was a valid step. */
  begun: usize;
  /** [B, T, u] or [B, u] */
  y: usize;
  /** Room for the frames and the gates of `steps` steps. */
  frames: usize;
  z: usize;
  steps: i32;
  /**
   * For the way back, or 0: [T, B, w] of h and of c, each behind its initial state, and of act(c), or of a GRU's h·U_h or
   * r ⊙ h. With them z has all steps.
   */
  keepH: usize;
  keepC: usize;
  keepT: usize;
  /**
   * The way back itself, where h and c are gradients of the states, y is that of the outputs or 0, W and U are transposed,
   * t has room for the gates twice and a state twice, and frames for all steps of 8 · ⌈F/8⌉ floats. [B, w]: gradients of
   * outputs that repeat the one of a step not reached yet.
   */
  repeated: usize;
  /** Gradients of the gates, [T, B, gates · w]; and of what a GRU multiplies with r after the product, [T, B, w]. */
  dZ: usize;
  dR: usize;
  /** Room for a block of both in panels. */
  panels: usize;
  /** What is wanted, or 0: dx as x; the others in rows of w for a gate. */
  dx: usize;
  dW: usize;
  dU: usize;
  db: usize;
  /** Whether W and U lie in pairs of panels: for one row, and an even number of panels for each gate. */
  pairsW: i32;
  pairsU: i32;
}

export function padded(n: i32): i32 {
  return (n + WIDTH - 1) & -WIDTH;
}

/** Gates of a cell's kernels. */
export function gatesOf(cell: i32): i32 {
  return cell == 0 ? 1 : cell == 1 ? 4 : 3;
}

/** Zeros beyond u: an activation of 0 need not be 0, and ∞ times a padding of zeros is NaN. */
export function clearPadding(x: usize, rows: i32, u: i32, w: i32): void {
  if (u == w) return;
  const step = <usize>w << 2;
  const rest = <usize>(w - u) << 2;
  for (let i = 0, p = x + (<usize>u << 2); i < rows; i++, p += step) memory.fill(p, 0, rest);
}

/** Whether row b is valid at time t. */
// @ts-ignore: decorator
@inline
export function valid(call: Call, b: i32, t: i32): bool {
  return call.mask == 0 || load<u8>(call.mask + <usize>(b * call.time + t)) != 0;
}

/** This thread's valid rows of `from`, [B, w], into h. */
export function takeRows(call: Call, from: usize, w: i32, t: i32): void {
  const bytes = <usize>w << 2;
  const last = ownEnd(call.batch);
  for (let b = ownFrom(call.batch); b < last; b++) {
    if (valid(call, b, t)) memory.copy(call.h + <usize>b * bytes, from + <usize>b * bytes, bytes);
  }
}
