/** x repeated whole along each axis.   ∂x = g summed over the repeats */
import { ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { scope } from '../scope.js';
import { areLengths, checkedSize, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { broadcastTo } from './broadcast-to.js';
import { reshape } from './reshape.js';

/**
 * x repeated whole, so many times along each axis: [1, 2] tiled by [2] is [1, 2, 1, 2].
 *
 * @throws ShapeError unless `repeats` has one whole number for each axis
 */
export function tile<D extends DType>(x: Tensor<D>, repeats: readonly number[]): Tensor<D> {
  requireTensor('tile', 'x', x);
  if (!areLengths(repeats) || repeats.length !== x.rank) {
    throw new ShapeError('tile', 'repeats do not fit', { x: x.shape, repeats }, 'one whole number for each axis');
  }
  checkedSize(
    'tile',
    repeats.map((n, axis) => n * x.shape[axis]!),
  );
  return scope(() => repeats.reduce((y, n, axis) => (n === 1 ? y : along(y, axis, n)), reshape(x, x.shape)));
}

/** Read as [outer, 1, inner], the block from `axis` on is what repeats. */
function along<D extends DType>(x: Tensor<D>, axis: number, n: number): Tensor<D> {
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis));
  const repeated = broadcastTo(reshape(x, [outer, 1, inner]), [outer, n, inner]);
  return reshape(repeated, x.shape.with(axis, x.shape[axis]! * n));
}
