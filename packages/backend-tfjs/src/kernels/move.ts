/** Kernels that move elements and compute nothing. */
import { sizeOf, type Operand, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { transposed } from '../transposed.js';

export function transpose(on: Call, operand: Operand<TfHandle>, perm: readonly number[]): TensorInfo {
  return transposed(on, on.view(operand), perm);
}

/** tfjs's shaders cut in up to four axes: so one axis after the other, as the middle one of three. */
function sliceByAxis(
  on: Call,
  x: TensorInfo,
  begin: readonly number[],
  strides: readonly number[],
  out: Spec,
): TensorInfo {
  let cut = x;
  begin.forEach((first, axis) => {
    const length = cut.shape[axis]!;
    const kept = out.shape[axis]!;
    if (kept === length && strides[axis] === 1) return;
    const [outer, inner] = [sizeOf(cut.shape.slice(0, axis)), sizeOf(cut.shape.slice(axis + 1))];
    const middle = { info: on.reshape(cut, [outer, length, inner]) };
    const operand = { handle: middle, shape: middle.info.shape, dtype: out.dtype };
    const part = { shape: [outer, kept, inner], dtype: out.dtype };
    const done = slice(on, operand, [0, first, 0], [1, strides[axis]!, 1], part);
    cut = on.reshape(done, cut.shape.toSpliced(axis, 1, kept));
  });
  return cut;
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
  if (begin.length > 4 && on.shades) return sliceByAxis(on, x, begin, strides, out);
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
