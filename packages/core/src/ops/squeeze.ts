/** Axes of length 1 taken away: a reshape. */
import { ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { reducedShape, resolveAxes } from './reduction.js';
import { reshape } from './reshape.js';

/**
 * x without `axis` (one, several, or all of length 1 when left out). The buffer is shared.
 *
 * @throws ShapeError for an axis that is not there or is longer than 1
 */
export function squeeze<D extends DType>(x: Tensor<D>, axis?: number | readonly number[]): Tensor<D> {
  requireTensor('squeeze', 'x', x);
  const axes = resolveAxes('squeeze', x, axis ?? x.shape.flatMap((n, i) => (n === 1 ? [i] : [])));
  if (axes.some((i) => x.shape[i] !== 1)) {
    throw new ShapeError(
      'squeeze',
      'only axes of length 1 can go',
      { x: x.shape, axis },
      'sum or slice takes others away',
    );
  }
  return reshape(x, reducedShape(x.shape, axes, false));
}
