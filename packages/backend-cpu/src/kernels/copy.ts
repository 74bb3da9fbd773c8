/** Moving elements as they are: what slice, transpose, concat and gather have in common. */
import type { Spec } from '@recurra/core';
import { walk } from '../broadcast.js';
import { sizeOf, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';

// The same loop twice: one that meets arrays of several types takes twice the time for each of them.
function floats(x: Float32Array, p: number, dp: number, y: Float32Array, i: number, to: number): void {
  for (; i < to; i++, p = (p + dp) | 0) y[i] = x[p]!;
}
function others(x: Data, p: number, dp: number, y: Data, i: number, to: number): void {
  for (; i < to; i++, p = (p + dp) | 0) y[i] = x[p]!;
}

/** y[at + i] = x[p + i · dp] for i below n. */
export function copyRow(x: Data, p: number, dp: number, y: Data, at: number, n: number): void {
  if (dp === 1 && n > 128) y.set(x.subarray(p, p + n), at);
  else if (x instanceof Float32Array) floats(x, p, dp, y as Float32Array, at, at + n);
  else others(x, p, dp, y, at, at + n);
}

/** The dense copy of a strided view of x. */
export function copyView(x: Data, start: number, steps: readonly number[], out: Spec, { arrays }: Workspace): Data {
  const y = arrays.take(out.dtype, sizeOf(out.shape));
  walk(out.shape, [steps], (at, n, p, dp) => copyRow(x, p, dp, y, at, n), start);
  return y;
}
