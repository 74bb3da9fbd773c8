/** The mask of time: query i sees key j only when j ≤ i. */
import { checkedCount, checkedSize, checkOptions, tensor } from '@recurra/core';
import type { Backend } from '@recurra/core';
import type { Mask } from './mask.js';

/**
 * bool [Tq, Tk], aligned at the first positions as in Keras, also when Tq ≠ Tk.
 *
 * @throws ArgumentError for lengths below 1; ShapeError for more than 2³¹ − 1 elements
 */
export function causalMask(queries: number, keys: number, options: { readonly backend?: Backend } = {}): Mask {
  const op = 'causalMask';
  checkOptions(op, options, ['backend']);
  const hint = 'causalMask(Tq, Tk)';
  const Tq = checkedCount(op, 'queries', queries, hint);
  const Tk = checkedCount(op, 'keys', keys, hint);
  const size = checkedSize(op, [Tq, Tk]);
  const sees = Uint8Array.from({ length: size }, (_, at) => (at % Tk <= Math.floor(at / Tk) ? 1 : 0));
  return tensor(sees, [Tq, Tk], { dtype: 'bool', ...options });
}
