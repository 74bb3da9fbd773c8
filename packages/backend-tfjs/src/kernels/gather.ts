/**
 * Elements by index along an axis. An index out of range gives 0, where tfjs's engines throw, wrap or read what is
 * there: so indices are clipped, and what a clipped one found is not chosen.
 */
import { sizeOf, type Operand, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcastTo } from '../broadcast.js';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { select } from '../select.js';
import { clip } from './clip.js';

export function gather(
  on: Call,
  x: Operand<TfHandle>,
  indices: Operand<TfHandle>,
  axis: number,
  out: Spec,
): TensorInfo {
  const length = x.shape[axis]!;
  if (length === 0) return on.fill(out.shape, 0, out.dtype);
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const count = sizeOf(indices.shape);
  const wanted = on.reshape(on.view(indices), [count]);
  const clipped = clip(on, wanted, 0, length - 1);
  const table = on.reshape(on.view(x), [outer, length, inner]);
  const found = on.run('GatherV2', { x: table, indices: clipped }, { axis: 1, batchDims: 0 });
  const inRange = on.reshape(on.run('Equal', { a: wanted, b: clipped }), [1, count, 1]);
  const nothing = on.fill(found.shape, 0, out.dtype);
  return on.reshape(select(on, broadcastTo(on, inRange, found.shape), found, nothing), out.shape);
}
