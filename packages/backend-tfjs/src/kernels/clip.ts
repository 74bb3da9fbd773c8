/** Indices held between two bounds. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';

export function clip(on: Call, indices: TensorInfo, low: number, high: number): TensorInfo {
  const above = on.run('Maximum', { a: indices, b: on.fill([], low, 'int32') });
  return on.run('Minimum', { a: above, b: on.fill([], high, 'int32') });
}
