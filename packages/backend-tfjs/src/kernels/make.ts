/** Kernels that make numbers or give them another dtype. */
import type { Operand, Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';

export function fill(on: Call, value: number, out: Spec): TensorInfo {
  return on.fill(out.shape, value, out.dtype);
}

export function cast(on: Call, x: Operand<TfHandle>, out: Spec): TensorInfo {
  return on.run('Cast', { x: on.view(x) }, { dtype: out.dtype });
}
