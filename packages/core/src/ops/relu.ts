/** y = max(x, 0)   ∂x = g where x > 0, else 0 */
import { customGradient } from '../custom-gradient.js';
import type { Tensor } from '../tensor.js';
import { less } from './less.js';
import { maximum } from './maximum.js';
import { where } from './where.js';

/** Rectified linear unit, element by element; NaN for NaN. @throws DTypeError unless x is float32 */
export function relu(x: Tensor<'float32'>): Tensor<'float32'> {
  return customGradient(
    'relu',
    x,
    () => maximum(x, 0),
    (g, y) => where(less(0, y), g, 0),
  );
}
