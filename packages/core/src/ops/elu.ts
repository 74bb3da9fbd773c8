/** y = x where x > 0, else α·(eˣ − 1) */
import { checkedFinite, checkOptions } from '../checks.js';
import type { Tensor } from '../tensor.js';
import { compose } from './elementwise.js';
import { expm1 } from './expm1.js';
import { less } from './less.js';
import { minimum } from './minimum.js';
import { mul } from './mul.js';
import { where } from './where.js';

/** Exponential linear unit, element by element; α is 1 by default.
 *
 * @throws DTypeError unless x is float32; ArgumentError for an α that is not finite */
export function elu(x: Tensor<'float32'>, options: { readonly alpha?: number } = {}): Tensor<'float32'> {
  checkOptions('elu', options, ['alpha']);
  const alpha = checkedFinite('elu', 'alpha', options.alpha ?? 1);
  // The exponential must not see what is not chosen: its overflow would reach the gradient as 0 · ∞.
  return compose('elu', x, () => where(less(0, x), x, mul(expm1(minimum(x, 0)), alpha)));
}
