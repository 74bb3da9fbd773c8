/** x with a margin of one value around it: concat, axis by axis.   ∂x = the slice of g that x filled */
import { filled } from '../create.js';
import { ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { scope } from '../scope.js';
import { areLengths, checkedSize } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { concat } from './concat.js';
import { reshape } from './reshape.js';

/**
 * Puts `before` and `after` elements of `value` around each axis.
 *
 *     pad(x, [[0, 0], [1, 2]])                // one column of zeros before, two after
 *
 * @throws ShapeError unless there is one pair of whole numbers for each axis; DTypeError for a value x cannot hold
 */
export function pad<D extends DType>(
  x: Tensor<D>,
  margins: readonly (readonly [before: number, after: number])[],
  value = 0,
): Tensor<D> {
  requireTensor('pad', 'x', x);
  if (
    !Array.isArray(margins) ||
    margins.length !== x.rank ||
    !Array.from(margins).every((pair) => areLengths(pair) && pair.length === 2)
  ) {
    const hint = 'one [before, after] for each axis';
    throw new ShapeError('pad', 'the margins do not fit', { x: x.shape, margins }, hint);
  }
  checkedSize(
    'pad',
    margins.map(([before, after], axis) => before + x.shape[axis]! + after),
  );
  const around = (y: Tensor<D>, [before, after]: readonly [number, number], axis: number): Tensor<D> => {
    const margin = (n: number): Tensor<D>[] =>
      n === 0 ? [] : [filled('pad', y.shape.with(axis, n), value, { dtype: x.dtype, backend: x.backend })];
    return before + after === 0 ? y : concat([...margin(before), y, ...margin(after)], axis);
  };
  return scope(() => margins.reduce(around, reshape(x, x.shape)));
}
