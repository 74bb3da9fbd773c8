/** Kernels that move elements and compute nothing. */
import { sizeOf, type Operand, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';

export function transpose(on: Call, x: Operand<TfHandle>, perm: readonly number[]): TensorInfo {
  return perm.length < 2 ? on.view(x) : on.run('Transpose', { x: on.view(x) }, { perm: [...perm] });
}

export function concat(on: Call, xs: readonly Operand<TfHandle>[], axis: number): TensorInfo {
  const parts = xs.filter((x) => sizeOf(x.shape) > 0).map((x) => on.view(x));
  return parts.length === 1 ? parts[0]! : on.run('Concat', parts, { axis });
}

/** tfjs's StridedSlice is Python's x[begin:end:stride], where a negative `end` counts from the back. */
export function slice(
  on: Call,
  operand: Operand<TfHandle>,
  begin: readonly number[],
  strides: readonly number[],
  out: Spec,
): TensorInfo {
  const x = on.view(operand);
  if (begin.length === 0) return x;
  if (strides.every((stride) => stride === 1))
    return on.run('Slice', { x }, { begin: [...begin], size: [...out.shape] });
  let endMask = 0;
  const end = begin.map((first, axis) => {
    const stride = strides[axis]!;
    const last = first + stride * (out.shape[axis]! - 1);
    // Running backwards up to and with element 0 has no end that can be said as a number: the mask says it.
    if (stride < 0 && last === 0) endMask |= 1 << axis;
    return last + Math.sign(stride);
  });
  const window = { begin: [...begin], end, strides: [...strides], beginMask: 0, endMask };
  const attrs = { ...window, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
  if (out.dtype !== 'bool') return on.run('StridedSlice', { x }, attrs);
  // Some engines step over 32 bits at a time, and a bool has 8.
  const wide = on.run('StridedSlice', { x: on.run('Cast', { x }, { dtype: 'int32' }) }, attrs);
  return on.run('NotEqual', { a: wide, b: on.fill([], 0, 'int32') });
}
