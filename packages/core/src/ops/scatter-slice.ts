/** The transpose of slice: puts x into zeros, at the places a slice would take it from.   ∂x = slice of g */
import { full } from '../create.js';
import { scope } from '../scope.js';
import type { Tensor } from '../tensor.js';
import type { Shape } from '../types.js';
import { concat } from './concat.js';
import { expandDims } from './expand-dims.js';
import { reshape } from './reshape.js';
import { reverse } from './reverse.js';
import { slice, type SliceAttrs } from './slice.js';

type Floats = Tensor<'float32'>;

/** Zeros of `shape` with x at begin, begin + stride, … along each axis: axis by axis, each made of concat. */
export function scatterSlice(
  x: Floats,
  { begin, strides }: Pick<SliceAttrs, 'begin' | 'strides'>,
  shape: Shape,
): Floats {
  return scope(() => shape.reduce((y, n, axis) => spread(y, axis, begin[axis]!, strides[axis]!, n), x));
}

/** x at begin, begin + stride, … along one axis, among zeros. */
function spread(x: Floats, axis: number, begin: number, stride: number, length: number): Floats {
  const count = x.shape[axis]!;
  if (count === length && stride === 1) return x;
  const zeros = (n: number): Floats => full(x.shape.with(axis, n), 0, { backend: x.backend });
  if (count === 0) return zeros(length);
  const step = Math.abs(stride);
  const forward = stride > 0 ? x : reverse(x, axis);
  const first = stride > 0 ? begin : begin + stride * (count - 1);
  const last = first + (count - 1) * step;
  const parts = [step === 1 ? forward : dilate(forward, axis, step)];
  if (first > 0) parts.unshift(zeros(first));
  if (last < length - 1) parts.push(zeros(length - 1 - last));
  return parts.length === 1 ? parts[0]! : concat(parts, axis);
}

/** x₀ 0 0 x₁ 0 0 x₂ along an axis, for step 3: each element beside step − 1 zeros, the last ones cut off. */
function dilate(x: Floats, axis: number, step: number): Floats {
  const count = x.shape[axis]!;
  const apart = expandDims(x, axis + 1);
  const gaps = full(apart.shape.with(axis + 1, step - 1), 0, { backend: x.backend });
  const merged = reshape(concat([apart, gaps], axis + 1), x.shape.with(axis, count * step));
  return slice(merged, [], x.shape.with(axis, (count - 1) * step + 1));
}
