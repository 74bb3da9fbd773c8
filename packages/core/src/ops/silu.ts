/** y = x·σ(x) */
import type { Tensor } from '../tensor.js';
import { compose } from './elementwise.js';
import { mul } from './mul.js';
import { sigmoid } from './sigmoid.js';

/** Sigmoid linear unit, also known as swish, element by element. @throws DTypeError unless x is float32 */
export function silu(x: Tensor<'float32'>): Tensor<'float32'> {
  return compose('silu', x, () => mul(x, sigmoid(x)));
}
