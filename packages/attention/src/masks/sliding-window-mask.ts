/** The mask of a band: query i sees key j only when |i − j| < w. */
import { checkedCount, checkedSize, checkOptions, tensor } from '@recurra/core';
import type { Backend } from '@recurra/core';
import type { Mask } from './mask.js';

/**
 * bool [Tq, Tk]: each query sees up to `window` − 1 keys before its own position, that one, and as many after it. Together
 * with `causalMask` it is the sliding window of decoders.
 *
 * @throws ArgumentError for lengths or a window below 1; ShapeError for more than 2³¹ − 1 elements
 */
export function slidingWindowMask(
  queries: number,
  keys: number,
  window: number,
  options: { readonly backend?: Backend } = {},
): Mask {
  const op = 'slidingWindowMask';
  checkOptions(op, options, ['backend']);
  const hint = 'slidingWindowMask(Tq, Tk, 4)';
  const Tq = checkedCount(op, 'queries', queries, hint);
  const Tk = checkedCount(op, 'keys', keys, hint);
  const w = checkedCount(op, 'window', window, hint);
  const size = checkedSize(op, [Tq, Tk]);
  const sees = Uint8Array.from({ length: size }, (_, at) => (Math.abs(Math.floor(at / Tk) - (at % Tk)) < w ? 1 : 0));
  return tensor(sees, [Tq, Tk], { dtype: 'bool', ...options });
}
