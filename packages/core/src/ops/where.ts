/** y = a where cond, else b   ∂a = g where cond, else 0   ∂b = g where not cond, else 0 */
import { defineOp } from '../define-op.js';
import { broadcastShapes } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { bools, requireDType, requireSameDType, withNumbers } from './elementwise.js';
import { unbroadcast } from './unbroadcast.js';

const op = /* @__PURE__ */ defineOp<void>({
  name: 'where',
  infer([cond, a, b]) {
    requireDType('where', 'cond', cond!, bools);
    requireSameDType('where', a!, b!);
    return { shape: broadcastShapes('where', { cond: cond!.shape, a: a!.shape, b: b!.shape }), dtype: a!.dtype };
  },
  forward: (kernels, [cond, a, b], _, out) => kernels.where(cond!, a!, b!, out),
  // The gradient is chosen, not multiplied: what was not chosen has no influence, be it NaN.
  backward: ({ grad, inputs: [cond, a, b], needs }) => [
    null,
    needs[1] ? unbroadcast(where(cond as Tensor<'bool'>, grad, 0), a!.shape) : null,
    needs[2] ? unbroadcast(where(cond as Tensor<'bool'>, 0, grad), b!.shape) : null,
  ],
});

/**
 * Chooses element by element, broadcasting all three; a number stands for a scalar of the other's dtype. What is not
 * chosen has no influence, be it NaN, on the value or on a gradient.
 *
 * @throws DTypeError unless cond is bool and a, b have one dtype; ShapeError when they do not broadcast; ArgumentError
 * for two numbers
 */
export function where<D extends DType>(cond: Tensor<'bool'>, a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<D>;
export function where<D extends DType>(cond: Tensor<'bool'>, a: number, b: Tensor<D>): Tensor<D>;
export function where(cond: Tensor<'bool'>, a: Tensor | number, b: Tensor | number): Tensor {
  return withNumbers('where', a, b, (x, y) => op([cond, x, y]));
}
