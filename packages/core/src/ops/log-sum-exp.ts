/** y = ln Σ eˣ over axes   ∂x = g·e^(x − y) */
import { checkedFloats } from '../checks.js';
import { customGradient } from '../custom-gradient.js';
import type { Tensor } from '../tensor.js';
import { abs } from './abs.js';
import { add } from './add.js';
import { exp } from './exp.js';
import { less } from './less.js';
import { log } from './log.js';
import { max } from './max.js';
import { mul } from './mul.js';
import { keptShape, reducedShape, requireSome, resolveReduction, type ReduceOptions } from './reduction.js';
import { reshape } from './reshape.js';
import { sub } from './sub.js';
import { sum } from './sum.js';
import { where } from './where.js';

/**
 * The logarithm of the sum of exponentials over `axis` (one, several, or all when left out), without overflow; −∞ for
 * −∞
 * alone, +∞ beside +∞.
 *
 * @throws DTypeError unless x is float32; ShapeError for an axis that is not there or has no element
 */
export function logSumExp(x: Tensor<'float32'>, options: ReduceOptions = {}): Tensor<'float32'> {
  checkedFloats('logSumExp', 'x', x);
  const { axes, keepDims } = resolveReduction('logSumExp', x, options);
  requireSome('logSumExp', x, axes);
  const kept = keptShape(x.shape, axes);
  return customGradient(
    'logSumExp',
    x,
    () => {
      const along = { axis: axes, keepDims: true };
      const greatest = max(x, along);
      // An infinite maximum is not taken off: ∞ − ∞ has no value, but ln Σ eˣ has one.
      const shift = where(less(abs(greatest), Infinity), greatest, 0);
      const y = add(log(sum(exp(sub(x, shift)), along)), shift);
      return reshape(y, reducedShape(x.shape, axes, keepDims));
    },
    (g, y, held) => mul(reshape(g, kept), exp(sub(held, reshape(y, kept)))),
  );
}
