/** y = x / (1 + |x|)   ∂x = g / (1 + |x|)² */
import { customGradient } from '../custom-gradient.js';
import type { Tensor } from '../tensor.js';
import { abs } from './abs.js';
import { add } from './add.js';
import { div } from './div.js';
import { square } from './square.js';

/** x / (1 + |x|), in (−1, 1), element by element; NaN at infinity. @throws DTypeError unless x is float32 */
export function softsign(x: Tensor<'float32'>): Tensor<'float32'> {
  // By the chain rule the gradient far from 0 would be the difference of two nearly equal numbers.
  return customGradient(
    'softsign',
    x,
    () => div(x, add(abs(x), 1)),
    (g, _, held) => div(g, square(add(abs(held), 1))),
  );
}
