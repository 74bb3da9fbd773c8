/** Kernels that make numbers or give them another dtype. */
import type { Operand, Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { shaders } from '../shaders/elementwise.js';

export function fill(on: Call, value: number, out: Spec): TensorInfo {
  return on.fill(out.shape, value, out.dtype);
}

/** tfjs's Cast to bool keeps the lowest byte on some engines, so x ≠ 0 is asked for itself. */
export function cast(on: Call, operand: Operand<TfHandle>, out: Spec): TensorInfo {
  const x = on.view(operand);
  if (out.dtype !== 'bool') {
    // On WebGPU tfjs leaves the integers as they are, under another name that not all of its shaders know.
    if (on.language === 'wgsl' && out.dtype === 'float32' && x.dtype !== 'float32')
      return on.shader(shaders.copy, [x], x.shape, 'float32');
    return on.run('Cast', { x }, { dtype: out.dtype });
  }
  return on.run('NotEqual', { a: x, b: on.fill([], 0, operand.dtype) });
}
