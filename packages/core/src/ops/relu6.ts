/** y = min(max(x, 0), 6)   ∂x = g where 0 < x < 6, else 0 */
import { customGradient } from '../custom-gradient.js';
import type { Tensor } from '../tensor.js';
import { clip } from './clip.js';
import { less } from './less.js';
import { logicalAnd } from './logical-and.js';
import { where } from './where.js';

/** Rectified linear unit that ends at 6, element by element; NaN for NaN. @throws DTypeError unless x is float32 */
export function relu6(x: Tensor<'float32'>): Tensor<'float32'> {
  return customGradient(
    'relu6',
    x,
    () => clip(x, 0, 6),
    (g, y) => where(logicalAnd(less(0, y), less(y, 6)), g, 0),
  );
}
