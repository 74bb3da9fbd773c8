/** y = x, the activation that does nothing   ∂x = g */
import type { Tensor } from '../tensor.js';
import { compose } from './elementwise.js';
import { reshape } from './reshape.js';

/** The same value as a tensor of its own, sharing the buffer. @throws DTypeError unless x is float32 */
export function linear(x: Tensor<'float32'>): Tensor<'float32'> {
  return compose('linear', x, () => reshape(x, x.shape));
}
