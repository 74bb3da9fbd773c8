/** Tensors of one shape along a new axis: reshape, then concat. */
import { ShapeError } from '../errors.js';
import { scope } from '../scope.js';
import { normalizeAxis, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { concat, requireList } from './concat.js';
import { requireSameDType } from './elementwise.js';
import { expandDims } from './expand-dims.js';

/**
 * Tensors of one shape, side by side along a new axis: two of [3, 4] stack to [2, 3, 4].
 *
 * @throws ShapeError unless all shapes are equal; DTypeError for several dtypes; ArgumentError for no tensor
 */
export function stack<D extends DType>(xs: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const first = requireList('stack', xs);
  const { shape, rank } = first;
  const at = normalizeAxis('stack', axis, rank + 1);
  for (const x of xs) requireSameDType('stack', first, x);
  if (!xs.every((x) => sameShape(x.shape, shape))) {
    throw new ShapeError('stack', 'all shapes must be equal', { shapes: xs.map((x) => x.shape) }, 'slice or pad');
  }
  return scope(() =>
    concat(
      xs.map((x) => expandDims(x, at)),
      at,
    ),
  );
}
