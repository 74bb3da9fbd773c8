/** y = x − ln Σ eˣ along an axis   ∂x = g − eʸ·Σ g */
import { checkedFloats } from '../checks.js';
import { customGradient } from '../custom-gradient.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { exp } from './exp.js';
import { log } from './log.js';
import { max } from './max.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';
import { sub } from './sub.js';
import { sum } from './sum.js';

/**
 * The logarithm of `softmax`, exact where that underflows; same shape.
 *
 * @throws DTypeError unless x is float32; ShapeError for an axis that is not there
 */
export function logSoftmax(x: Tensor<'float32'>, axis = -1): Tensor<'float32'> {
  const at = normalizeAxis('logSoftmax', axis, checkedFloats('logSoftmax', 'x', x).rank);
  if (x.size === 0) return reshape(x, x.shape);
  const along = { axis: at, keepDims: true };
  return customGradient(
    'logSoftmax',
    x,
    () => {
      const shifted = sub(x, max(x, along));
      return sub(shifted, log(sum(exp(shifted), along)));
    },
    (g, y) => sub(g, mul(exp(y), sum(g, along))),
  );
}
