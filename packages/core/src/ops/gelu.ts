/** y = x·Φ(x) = x/2 · (1 + erf(x/√2));   approximately x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) */
import { checkedFlag, checkOptions } from '../checks.js';
import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { compose } from './elementwise.js';
import { erf } from './erf.js';
import { mul } from './mul.js';
import { square } from './square.js';
import { tanh } from './tanh.js';

const ROOT_TWO_OVER_PI = 0.7978845608028654;

/**
 * Gaussian error linear unit, element by element: exact, or by tanh when `approximate` (Hendrycks & Gimpel 2016).
 *
 * @throws DTypeError unless x is float32
 */
export function gelu(x: Tensor<'float32'>, options: { readonly approximate?: boolean } = {}): Tensor<'float32'> {
  checkOptions('gelu', options, ['approximate']);
  const approximate = checkedFlag('gelu', 'approximate', options.approximate ?? false);
  return compose('gelu', x, () => {
    const inner = approximate
      ? tanh(mul(add(mul(mul(square(x), x), 0.044715), x), ROOT_TWO_OVER_PI))
      : erf(mul(x, Math.SQRT1_2));
    return mul(mul(x, 0.5), add(inner, 1));
  });
}
