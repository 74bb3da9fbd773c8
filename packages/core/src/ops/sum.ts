/** y = Σ x over axes   ∂x = g, repeated along those axes */
import { defineOp } from '../define-op.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { broadcastTo } from './broadcast-to.js';
import { numbers, requireDType } from './elementwise.js';
import { keptShape, reducedShape, resolveAxes, type ReduceOptions } from './reduction.js';
import { reshape } from './reshape.js';

const op = /* @__PURE__ */ defineOp<{ axes: readonly number[]; keepDims: boolean }>({
  name: 'sum',
  infer([x], { axes, keepDims }) {
    requireDType('sum', 'x', x!, numbers);
    return { shape: reducedShape(x!.shape, axes, keepDims), dtype: x!.dtype };
  },
  forward: (kernels, [x], { axes }, out) => kernels.reduce('sum', x!, axes, out),
  backward: ({ grad, inputs: [x], attrs }) => [broadcastTo(reshape(grad, keptShape(x!.shape, attrs.axes)), x!.shape)],
});

/** Sum over `axis` (one, several, or all when left out); of nothing it is 0. */
export function sum<D extends DType>(x: Tensor<D>, options: ReduceOptions = {}): Tensor<D> {
  const axes = resolveAxes('sum', x, options.axis);
  if (axes.length === 0) return reshape(x, x.shape);
  return op([x], { axes, keepDims: options.keepDims ?? false }) as Tensor<D>;
}
