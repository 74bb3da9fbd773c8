/** y = λ·x where x ≥ 0, else λ·α·(eˣ − 1)   with the λ and α that keep mean 0 and variance 1 */
import type { Tensor } from '../tensor.js';
import { compose } from './elementwise.js';
import { expm1 } from './expm1.js';
import { less } from './less.js';
import { minimum } from './minimum.js';
import { mul } from './mul.js';
import { where } from './where.js';

const LAMBDA = 1.0507009873554805;
const ALPHA = 1.6732632423543772;

/**
 * Scaled exponential linear unit, element by element (Klambauer et al. 2017).
 *
 * @throws DTypeError unless x is float32
 */
export function selu(x: Tensor<'float32'>): Tensor<'float32'> {
  // The exponential must not see what is not chosen: its overflow would reach the gradient as 0 · ∞.
  return compose('selu', x, () => mul(where(less(x, 0), mul(expm1(minimum(x, 0)), ALPHA), x), LAMBDA));
}
