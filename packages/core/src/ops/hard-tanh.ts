/** y = x limited to [−1, 1] */
import type { Tensor } from '../tensor.js';
import { clip } from './clip.js';
import { compose } from './elementwise.js';

/** Piecewise linear tanh, element by element. @throws DTypeError unless x is float32 */
export function hardTanh(x: Tensor<'float32'>): Tensor<'float32'> {
  return compose('hardTanh', x, () => clip(x, -1, 1));
}
