/** y = eˣ, under the name it has among Keras's activations */
import { checkedFloats } from '../checks.js';
import type { Tensor } from '../tensor.js';
import { exp } from './exp.js';

/** The same as `exp`. @throws DTypeError unless x is float32 */
export function exponential(x: Tensor<'float32'>): Tensor<'float32'> {
  return exp(checkedFloats('exponential', 'x', x));
}
