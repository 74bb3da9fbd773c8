/** The gradient of max and min over axes: split equally among the elements that attain the value, as in TensorFlow. */
import type { Differentiation } from '../define-op.js';
import type { Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { div } from './div.js';
import { equal } from './equal.js';
import { mul } from './mul.js';
import { keptShape, type Reduced } from './reduction.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/** ∂x = g / n at the n elements that equal y, 0 elsewhere; NaN where y is. */
export function amongEquals({ grad, inputs: [x], output, attrs: { axes } }: Differentiation<Reduced>): Tensor[] {
  const kept = keptShape(x!.shape, axes);
  const chosen = cast(equal(x!, reshape(output, kept)), 'float32');
  return [mul(div(chosen, sum(chosen, { axis: axes, keepDims: true })), reshape(grad, kept))];
}
