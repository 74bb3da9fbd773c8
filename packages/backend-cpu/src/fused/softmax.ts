/** yᵢ = e^(xᵢ − max) / Σ e^(xⱼ − max) over the last axis, in double precision and rounded once. */
import { expAt } from '../math/exp.js';
import type { Workspace } from '../workspace.js';

/** Rows of n numbers. */
export function softmax(x: Float32Array, n: number, { arrays, scratch }: Workspace): Float32Array {
  const y = arrays.take('float32', x.length);
  const e = scratch.doubles('x', n);
  for (let from = 0; from < x.length; from += n) {
    let top = -Infinity;
    for (let i = 0; i < n; i++) top = Math.max(top, x[from + i]!);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      e[i] = x[from + i]! - top;
      expAt(e, i);
      sum += e[i]!;
    }
    for (let i = 0; i < n; i++) y[from + i] = e[i]! / sum;
  }
  return y;
}
