/** z = a / b   ∂a = g / b   ∂b = −g·z / b */
import type { Tensor } from '../tensor.js';
import { defineBinary, floats } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { unbroadcast } from './unbroadcast.js';

const op = /* @__PURE__ */ defineBinary('div', floats, ({ grad, inputs: [a, b], output, needs }) => [
  needs[0] ? unbroadcast(div(grad, b), a.shape) : null,
  needs[1] ? unbroadcast(neg(div(mul(grad, output), b)), b.shape) : null,
]);

/**
 * Quotient, element by element, broadcasting; a number stands for a scalar. There is no division of int32.
 *
 * @throws DTypeError unless both are float32; ShapeError when they do not broadcast
 */
export function div(a: Tensor<'float32'>, b: Tensor<'float32'> | number): Tensor<'float32'>;
export function div(a: number, b: Tensor<'float32'>): Tensor<'float32'>;
export function div(a: Tensor | number, b: Tensor | number): Tensor {
  return op(a, b);
}
