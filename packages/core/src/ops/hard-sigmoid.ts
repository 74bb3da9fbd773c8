/** y = relu6(x + 3) / 6, which is x/6 + ½ limited to [0, 1]   ∂x = g/6 where −3 < x < 3, else 0 */
import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { div } from './div.js';
import { compose } from './elementwise.js';
import { relu6 } from './relu6.js';

/**
 * Piecewise linear sigmoid, element by element. This is Keras 3's; Keras 2, TensorFlow.js and ONNX (by default) have
 * the slope 0.2.
 *
 * @throws DTypeError unless x is float32
 */
export function hardSigmoid(x: Tensor<'float32'>): Tensor<'float32'> {
  return compose('hardSigmoid', x, () => div(relu6(add(x, 3)), 6));
}
