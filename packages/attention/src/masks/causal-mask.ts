/** The mask of time: query i sees key j only when j ≤ i. */
import { checkedCount, tensor } from '@recurra/core';
import type { Backend } from '@recurra/core';
import type { Mask } from './mask.js';

/**
 * bool [Tq, Tk], aligned at the first positions as in Keras, also when Tq ≠ Tk.
 *
 * @throws ArgumentError for lengths below 1
 */
export function causalMask(queries: number, keys: number, options: { readonly backend?: Backend } = {}): Mask {
  const hint = 'causalMask(Tq, Tk)';
  const Tq = checkedCount('causalMask', 'queries', queries, hint);
  const Tk = checkedCount('causalMask', 'keys', keys, hint);
  const sees = Uint8Array.from({ length: Tq * Tk }, (_, at) => (at % Tk <= Math.floor(at / Tk) ? 1 : 0));
  return tensor(sees, [Tq, Tk], { dtype: 'bool', ...options });
}
