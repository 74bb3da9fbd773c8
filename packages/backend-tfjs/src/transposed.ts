/** x with its axes in another order. */
import type { DType } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from './call.js';
import { permuted } from './shaders/permuted.js';

export function transposed(on: Call, x: TensorInfo, perm: readonly number[]): TensorInfo {
  if (perm.every((axis, i) => axis === i)) return x;
  if (on.language !== 'wgsl' || x.dtype === 'float32') return on.run('Transpose', { x }, { perm: [...perm] });
  const shape = perm.map((axis) => x.shape[axis]!);
  return on.shader(permuted(perm), [x], shape, x.dtype as DType);
}
