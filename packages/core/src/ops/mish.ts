/** y = x · tanh(softplus x) */
import type { Tensor } from '../tensor.js';
import { compose } from './elementwise.js';
import { mul } from './mul.js';
import { softplus } from './softplus.js';
import { tanh } from './tanh.js';

/** x · tanh(ln(1 + eˣ)), element by element (Misra 2019). @throws DTypeError unless x is float32 */
export function mish(x: Tensor<'float32'>): Tensor<'float32'> {
  return compose('mish', x, () => mul(x, tanh(softplus(x))));
}
