/** y = x where x > 0, else slope·x */
import { checkedFinite, checkOptions } from '../checks.js';
import type { Tensor } from '../tensor.js';
import { compose } from './elementwise.js';
import { less } from './less.js';
import { mul } from './mul.js';
import { where } from './where.js';

/**
 * Leaky rectified linear unit, element by element. The slope below 0 is 0.2 by default as in Keras; PyTorch's and
 * ONNX's is 0.01.
 *
 * @throws DTypeError unless x is float32
 */
export function leakyRelu(x: Tensor<'float32'>, options: { readonly negativeSlope?: number } = {}): Tensor<'float32'> {
  checkOptions('leakyRelu', options, ['negativeSlope']);
  const slope = checkedFinite('leakyRelu', 'negativeSlope', options.negativeSlope ?? 0.2);
  return compose('leakyRelu', x, () => where(less(0, x), x, mul(x, slope)));
}
