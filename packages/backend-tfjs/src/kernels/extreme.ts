/** The greater or lesser of two numbers, NaN if one of them is. tfjs's wasm engine passes over NaN, so there it chooses. */
import { broadcastShapes } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcastTo } from '../broadcast.js';
import type { Call } from '../call.js';
import { select } from '../select.js';

export function extreme(on: Call, op: 'maximum' | 'minimum', a: TensorInfo, b: TensorInfo): TensorInfo {
  const greater = op === 'maximum';
  if (on.engine !== 'wasm' || a.dtype !== 'float32') return on.run(greater ? 'Maximum' : 'Minimum', { a, b });
  const beyond = on.run(greater ? 'Greater' : 'Less', { a, b });
  const first = on.run('LogicalOr', { a: beyond, b: on.run('IsNan', { x: a }) });
  const shape = broadcastShapes(op, { a: a.shape, b: b.shape });
  return select(on, first, broadcastTo(on, a, shape), broadcastTo(on, b, shape));
}
