/** One after the other along an axis.   ∂xᵢ = the slice of g that xᵢ filled */
import { defineOp } from '../define-op.js';
import { ArgumentError, ShapeError } from '../errors.js';
import { requireTensor } from '../gate.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { requireSameDType } from './elementwise.js';
import { slice } from './slice.js';

const op = /* @__PURE__ */ defineOp<{ axis: number }>({
  name: 'concat',
  infer(xs, { axis }) {
    const [first] = xs;
    let total = 0;
    for (const x of xs) {
      requireSameDType('concat', first!, x);
      if (x.shape.length !== first!.shape.length || x.shape.some((n, i) => i !== axis && n !== first!.shape[i])) {
        throw new ShapeError('concat', `shapes must agree but for axis ${axis}`, { shapes: xs.map((y) => y.shape) });
      }
      total += x.shape[axis]!;
    }
    return { shape: first!.shape.map((n, i) => (i === axis ? total : n)), dtype: first!.dtype };
  },
  forward: (kernels, xs, { axis }, out) => kernels.concat(xs, axis, out),
  backward({ grad, inputs, attrs: { axis }, needs }) {
    let at = 0;
    return inputs.map((x, i) => {
      const begin = grad.shape.map((_, a) => (a === axis ? at : 0));
      at += x.shape[axis]!;
      return needs[i] ? slice(grad, begin, x.shape) : null;
    });
  },
});

/** @throws ShapeError unless all shapes agree but for `axis`; ArgumentError for an empty list */
export function concat<D extends DType>(xs: readonly Tensor<D>[], axis: number): Tensor<D> {
  const first = xs[0];
  if (first === undefined) throw new ArgumentError('concat', 'there is nothing to join', {}, 'pass at least one tensor');
  requireTensor('concat', 'xs[0]', first);
  return op(xs, { axis: normalizeAxis('concat', axis, first.rank) }) as Tensor<D>;
}
