/** One after the other along an axis.   ∂xᵢ = the part of g that xᵢ filled */
import { defineOp } from '../define-op.js';
import { ArgumentError, ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { requireSameDType } from './elementwise.js';
import { split } from './split.js';

const op = /* @__PURE__ */ defineOp<{ axis: number }>({
  name: 'concat',
  infer(xs, { axis }) {
    const [first] = xs;
    let total = 0;
    for (const x of xs) {
      requireSameDType('concat', first!, x);
      if (x.shape.length !== first!.shape.length || x.shape.some((n, i) => i !== axis && n !== first!.shape[i])) {
        throw new ShapeError(
          'concat',
          `shapes must agree but for axis ${axis}`,
          { shapes: xs.map((y) => y.shape) },
          'slice or pad',
        );
      }
      total += x.shape[axis]!;
    }
    return { shape: first!.shape.with(axis, total), dtype: first!.dtype };
  },
  forward: (kernels, xs, { axis }, out) => kernels.concat(xs, axis, out),
  backward({ grad, inputs, attrs: { axis } }) {
    return split(
      grad,
      inputs.map((x) => x.shape[axis]!),
      axis,
    );
  },
});

/**
 * Tensors one after the other along an axis that they have.
 *
 * @throws ShapeError unless all shapes agree but for `axis`; DTypeError for several dtypes; ArgumentError for no tensor
 */
export function concat<D extends DType>(xs: readonly Tensor<D>[], axis: number): Tensor<D> {
  const first = requireList('concat', xs);
  return op(xs, { axis: normalizeAxis('concat', axis, first.rank) }) as Tensor<D>;
}

/** The first of a list that has one. */
export function requireList(name: string, xs: readonly Tensor[]): Tensor {
  if (!Array.isArray(xs) || xs.length === 0) {
    throw new ArgumentError(name, 'needs a list of tensors', { xs }, `${name}([a, b], axis)`);
  }
  for (const [i, x] of xs.entries()) requireTensor(name, `xs[${i}]`, x);
  return xs[0] as Tensor;
}
