/** y = x repeated to a larger shape, by NumPy's rule   ∂x = g summed over what was repeated */
import { full } from '../create.js';
import { ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { broadcastShapes, checkedSize, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType, Shape } from '../types.js';
import { logicalAnd } from './logical-and.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';

/**
 * x repeated to a larger shape, by NumPy's rule.
 *
 * @throws ShapeError when `x` does not broadcast to exactly `shape`
 */
export function broadcastTo<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  requireTensor('broadcastTo', 'x', x);
  checkedSize('broadcastTo', shape);
  if (sameShape(x.shape, shape)) return reshape(x, shape);
  if (!sameShape(broadcastShapes('broadcastTo', { x: x.shape, shape }), shape)) {
    throw new ShapeError('broadcastTo', 'x is larger than the shape', { x: x.shape, shape }, 'slice or sum');
  }
  if (x.dtype !== 'bool') return repeatTo(x, shape);
  return withOnes(x as Tensor as Tensor<'bool'>, shape, logicalAnd) as Tensor as Tensor<D>;
}

/** For gradients: to a shape that is known to be right, and larger. */
export function repeatTo<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  return withOnes<D>(x, shape, mul);
}

/** Times one is exact, for NaN, infinities and −0 too. */
function withOnes<D extends DType>(
  x: Tensor<D>,
  shape: Shape,
  times: (a: Tensor<D>, b: Tensor<D>) => Tensor<D>,
): Tensor<D> {
  const unit = full(shape, 1, { dtype: x.dtype, backend: x.backend });
  try {
    return times(x, unit);
  } finally {
    unit.dispose();
  }
}
