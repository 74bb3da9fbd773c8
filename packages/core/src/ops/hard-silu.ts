/** y = x · hardSigmoid(x) */
import type { Tensor } from '../tensor.js';
import { compose } from './elementwise.js';
import { hardSigmoid } from './hard-sigmoid.js';
import { mul } from './mul.js';

/** Piecewise quadratic silu, also known as hard swish, element by element. @throws DTypeError unless x is float32 */
export function hardSilu(x: Tensor<'float32'>): Tensor<'float32'> {
  return compose('hardSilu', x, () => mul(x, hardSigmoid(x)));
}
