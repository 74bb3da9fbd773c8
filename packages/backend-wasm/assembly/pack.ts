/**
 * Matrices in panels: eight columns side by side, k after k, so that the inner loops read them in a straight line. One
 * format serves every tile. Columns are padded to 8 and k to 4, with zeros, so that odd sizes have no loops of their own.
 * Large ones for a single row, which come from memory each time, lie in pairs: sixteen columns, k after k.
 */
import { transpose32 } from './matmul';

/** Columns of a panel. */
export const WIDTH: i32 = 8;

/**
 * A block [k, n] of a matrix with a step, in floats, for each of its axes, into panels that are `panel` bytes apart; rows
 * from k to kPadded and columns beyond n are zeros.
 */
export function packBlock(
  source: usize,
  dk: i32,
  dn: i32,
  k: i32,
  kPadded: i32,
  n: i32,
  panels: usize,
  panel: i32,
): void {
  const stepK = (<usize>dk) << 2;
  const stepN = (<usize>dn) << 2;
  for (let j = 0; j < n; j += WIDTH) {
    const width = min(WIDTH, n - j);
    let from = source + <usize>j * stepN;
    let to = panels;
    if (dn == 1 && width == WIDTH) {
      for (let i = 0; i < k; i++, from += stepK, to += 32) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
    } else if (dk == 1) {
      if (width < WIDTH) memory.fill(to, 0, (<usize>k) << 5);
      transpose32(from, stepN, width, k, to, 32);
      to += (<usize>k) << 5;
    } else {
      for (let i = 0; i < k; i++, from += stepK, to += 32) {
        let q = from;
        for (let c = 0; c < WIDTH; c++, q += stepN) {
          store<f32>(to + ((<usize>c) << 2), c < width ? load<f32>(q) : 0);
        }
      }
    }
    memory.fill(to, 0, (<usize>(kPadded - k)) << 5);
    panels += panel;
  }
}

/** k rows of n floats, `dk` floats apart, into pairs of panels; columns beyond n, and rows from k to kPadded, are zeros. */
export function packPairs(source: usize, dk: i32, k: i32, kPadded: i32, n: i32, pairs: usize): void {
  const step = (<usize>dk) << 2;
  for (let j = 0; j < n; j += 2 * WIDTH) {
    const width = min(2 * WIDTH, n - j);
    padRows(source + ((<usize>j) << 2), step, pairs, 64, k, width, 2 * WIDTH);
    clearRow(pairs + ((<usize>k) << 6), (<usize>(kPadded - k)) << 6);
    pairs += (<usize>kPadded) << 6;
  }
}

/** Rows of n floats, `from` bytes apart, into rows `to` bytes apart that are `width` floats wide: the rest is zeros. */
export function padRows(source: usize, from: usize, target: usize, to: usize, rows: i32, n: i32, width: i32): void {
  const bytes = (<usize>n) << 2;
  const rest = (<usize>(width - n)) << 2;
  for (let i = 0; i < rows; i++, source += from, target += to) {
    copyRow(source, target, bytes);
    clearRow(target + bytes, rest);
  }
}

/** Bytes from which the engine's own copy, a call out of the module, is the faster one. */
const LONG: usize = 512;

/** Bytes are whole words. */
export function copyRow(source: usize, target: usize, bytes: usize): void {
  if (bytes >= LONG) {
    memory.copy(target, source, bytes);
    return;
  }
  const end = source + bytes;
  for (; source + 16 <= end; source += 16, target += 16) v128.store(target, v128.load(source));
  for (; source < end; source += 4, target += 4) store<u32>(target, load<u32>(source));
}

export function clearRow(target: usize, bytes: usize): void {
  if (bytes >= LONG) {
    memory.fill(target, 0, bytes);
    return;
  }
  const end = target + bytes;
  for (; target + 16 <= end; target += 16) v128.store(target, i32x4.splat(0));
  for (; target < end; target += 4) store<u32>(target, 0);
}
