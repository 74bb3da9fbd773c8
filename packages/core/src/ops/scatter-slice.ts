/** The transpose of slice: puts x into zeros, at the places a slice would take it from.   ∂x = slice of g */
import { full } from '../create.js';
import { scope } from '../scope.js';
import type { Tensor } from '../tensor.js';
import type { Shape } from '../types.js';
import { concat } from './concat.js';
import { reshape } from './reshape.js';
import { slice, type SliceAttrs } from './slice.js';

/** Zeros of `shape` with x at begin, begin + stride, … along each axis: axis by axis, each made of concat. */
export function scatterSlice(x: Tensor, { begin, strides }: Pick<SliceAttrs, 'begin' | 'strides'>, shape: Shape): Tensor {
  return scope(() => shape.reduce((y, _, axis) => spread(y, axis, begin[axis]!, strides[axis]!, shape[axis]!), x));
}

function spread(x: Tensor, axis: number, begin: number, stride: number, length: number): Tensor {
  const count = x.shape[axis]!;
  if (count === length && stride === 1) return x;
  const zeros = (n: number): Tensor =>
    full(x.shape.map((m, i) => (i === axis ? n : m)), 0, { dtype: x.dtype, backend: x.backend });
  if (count === 0) return zeros(length);
  const forward = stride > 0 ? x : slice(x, [], [], x.shape.map((_, i) => (i === axis ? -1 : 1)));
  const step = Math.abs(stride);
  const first = stride > 0 ? begin : begin + stride * (count - 1);
  const dilated = step === 1 ? forward : dilate(forward, axis, step);
  const width = (count - 1) * step + 1;
  const after = length - first - width;
  const parts = [...(first > 0 ? [zeros(first)] : []), dilated, ...(after > 0 ? [zeros(after)] : [])];
  return parts.length === 1 ? dilated : concat(parts, axis);
}

/** x₀ 0 0 x₁ 0 0 x₂ along an axis, for step 3: each element beside step − 1 zeros, the last ones cut off. */
function dilate(x: Tensor, axis: number, step: number): Tensor {
  const count = x.shape[axis]!;
  const apart = [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)];
  const gaps = apart.map((n, i) => (i === axis + 1 ? step - 1 : n));
  const beside = concat([reshape(x, apart), full(gaps, 0, { dtype: x.dtype, backend: x.backend })], axis + 1);
  const merged = reshape(beside, x.shape.map((n, i) => (i === axis ? n * step : n)));
  return slice(merged, [], merged.shape.map((n, i) => (i === axis ? (count - 1) * step + 1 : n)));
}
