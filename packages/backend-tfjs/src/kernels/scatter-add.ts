/**
 * Adds rows into zeros, by index along an axis. tfjs's ScatterNd adds along the first axis alone and refuses an index out
 * of range: so the axis is brought to the front and back, and there is one row more at either end, which takes what is
 * out of range and is cut off.
 */
import { sizeOf, type Operand, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { clip } from './clip.js';

export function scatterAdd(
  on: Call,
  updates: Operand<TfHandle>,
  indices: Operand<TfHandle>,
  axis: number,
  out: Spec,
): TensorInfo {
  const count = sizeOf(indices.shape);
  if (count === 0) return on.fill(out.shape, 0, out.dtype);
  const length = out.shape[axis]!;
  const outer = sizeOf(out.shape.slice(0, axis));
  const inner = sizeOf(out.shape.slice(axis + 1));
  const row = outer * inner;
  const one = on.fill([], 1, 'int32');
  const places = on.run('Add', { a: clip(on, on.reshape(on.view(indices), [count]), -1, length), b: one });
  const first = swap(on, on.reshape(on.view(updates), [outer, count, inner]));
  const sums = on.run(
    'ScatterNd',
    { indices: on.reshape(places, [count, 1]), updates: on.reshape(first, [count, row]) },
    { shape: [length + 2, row] },
  );
  const inRange = on.run('Slice', { x: sums }, { begin: [1, 0], size: [length, row] });
  return on.reshape(swap(on, on.reshape(inRange, [length, outer, inner])), out.shape);
}

/** [p, q, r] → [q, p, r], which moves nothing where p or q is 1. */
function swap(on: Call, x: TensorInfo): TensorInfo {
  const [p, q, r] = x.shape as [number, number, number];
  return p === 1 || q === 1 ? on.reshape(x, [q, p, r]) : on.run('Transpose', { x }, { perm: [1, 0, 2] });
}
