/** Tensors of one shape along a new axis: reshape, then concat. */
import { ArgumentError, ShapeError } from '../errors.js';
import { requireTensor } from '../gate.js';
import { scope } from '../scope.js';
import { normalizeAxis, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { concat } from './concat.js';
import { reshape } from './reshape.js';

/** @throws ShapeError unless all shapes are equal; ArgumentError for an empty list */
export function stack<D extends DType>(xs: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const first = xs[0];
  if (first === undefined) throw new ArgumentError('stack', 'there is nothing to stack', {}, 'pass at least one tensor');
  requireTensor('stack', 'xs[0]', first);
  const at = normalizeAxis('stack', axis, first.rank + 1);
  for (const [i, x] of xs.entries()) {
    requireTensor('stack', `xs[${i}]`, x);
    if (!sameShape(x.shape, first.shape)) throw new ShapeError('stack', 'all shapes must be equal', { shapes: xs.map((y) => y.shape) });
  }
  const slot = [...first.shape.slice(0, at), 1, ...first.shape.slice(at)];
  return scope(() => concat(xs.map((x) => reshape(x, slot)), at));
}
