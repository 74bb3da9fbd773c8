/** y = x repeated to a larger shape, by NumPy's rule   ∂x = g summed over what was repeated */
import { checkShape, full } from '../create.js';
import { ShapeError } from '../errors.js';
import { requireTensor } from '../gate.js';
import { broadcastShapes, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType, Shape } from '../types.js';
import { logicalAnd } from './logical-and.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';

/** @throws ShapeError when `x` does not broadcast to exactly `shape` */
export function broadcastTo<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  requireTensor('broadcastTo', 'x', x);
  checkShape('broadcastTo', shape);
  if (sameShape(x.shape, shape)) return reshape(x, shape);
  if (!sameShape(broadcastShapes('broadcastTo', { x: x.shape, shape }), shape)) {
    throw new ShapeError('broadcastTo', 'x is larger than the shape', { x: x.shape, shape });
  }
  // Times one is exact, for NaN, infinities and −0 too.
  const unit = full(shape, 1, { dtype: x.dtype, backend: x.backend });
  try {
    return (
      x.dtype === 'bool' ? logicalAnd(x as Tensor<'bool'>, unit as Tensor<'bool'>) : mul<DType>(x, unit)
    ) as Tensor<D>;
  } finally {
    unit.dispose();
  }
}
