/** y = eˣ / Σ eˣ along an axis   ∂x = y·(g − Σ g·y) */
import { checkedFloats } from '../checks.js';
import { customGradient } from '../custom-gradient.js';
import { applyFused } from '../fused.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { div } from './div.js';
import { exp } from './exp.js';
import { max } from './max.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';
import { sub } from './sub.js';
import { sum } from './sum.js';

/**
 * Weights along `axis` that are positive and sum to 1; same shape. The maximum is taken off first, so nothing
 * overflows;
 * a row with NaN or +∞, or of −∞ alone, is NaN. A backend's fused kernel is used over the last axis.
 *
 * @throws DTypeError unless x is float32; ShapeError for an axis that is not there
 */
export function softmax(x: Tensor<'float32'>, axis = -1): Tensor<'float32'> {
  const at = normalizeAxis('softmax', axis, checkedFloats('softmax', 'x', x).rank);
  if (x.size === 0) return reshape(x, x.shape);
  const along = { axis: at, keepDims: true };
  const fused = at === x.rank - 1 ? applyFused('softmax', { shape: x.shape }, [x]) : null;
  if (fused !== null) return fused[0] as Tensor<'float32'>;
  return customGradient(
    'softmax',
    x,
    () => {
      const e = exp(sub(x, max(x, along)));
      return div(e, sum(e, along));
    },
    (g, y) => mul(y, sub(g, sum(mul(g, y), along))),
  );
}
