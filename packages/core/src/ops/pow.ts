/** z = aᵇ   ∂a = g·b·aᵇ⁻¹, 0 for 0⁰   ∂b = g·z·ln a where a > 0, else 0 */
import type { Tensor } from '../tensor.js';
import { defineBinary, floats } from './elementwise.js';
import { equal } from './equal.js';
import { greater } from './greater.js';
import { log } from './log.js';
import { mul } from './mul.js';
import { sub } from './sub.js';
import { unbroadcast } from './unbroadcast.js';
import { where } from './where.js';

const op = /* @__PURE__ */ defineBinary('pow', floats, ({ grad, inputs: [a, b], output, needs }) => [
  needs[0] ? unbroadcast(mul(grad, mul(b, pow(besideZero(a, b), sub(b, 1)))), a.shape) : null,
  needs[1] ? unbroadcast(mul(grad, mul(output, safeLog(a))), b.shape) : null,
]);

/**
 * Power, element by element, broadcasting; a number stands for a scalar. NaN for a negative base and an exponent that
 * is no whole number.
 *
 * @throws DTypeError unless both are float32; ShapeError when they do not broadcast
 */
export function pow(a: Tensor<'float32'>, b: Tensor<'float32'> | number): Tensor<'float32'>;
export function pow(a: number, b: Tensor<'float32'>): Tensor<'float32'>;
export function pow(a: Tensor | number, b: Tensor | number): Tensor {
  return op(a, b);
}

/** a, and 1 where a⁰ is asked for at 0: its gradient is 0 there too, not 0 · 0⁻¹. */
function besideZero(a: Tensor<'float32'>, b: Tensor<'float32'>): Tensor<'float32'> {
  return where(equal(a, 0), where(equal(b, 0), 1, a), a);
}

/** ln a, and 0 where it has no value: also in the gradient, so ones take the place of what log must not see. */
function safeLog(a: Tensor<'float32'>): Tensor<'float32'> {
  const positive = greater(a, 0);
  return where(positive, log(where(positive, a, 1)), 0);
}
