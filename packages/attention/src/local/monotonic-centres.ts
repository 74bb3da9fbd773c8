/** p_t = t: source and target run side by side. "local-m" of Luong, Pham & Manning 2015, section 3.2. */
import { ArgumentError, checkedCount, checkOptions, tensor } from '@recurra/core';
import type { Backend } from '@recurra/core';
import type { Floats } from '../score.js';

/** Options of `monotonicCentres`. */
export interface MonotonicCentresOptions {
  /** t of the first query, counted from 0: a decoder that asks one query at a time gives its step. Default 0. */
  readonly first?: number;
  readonly backend?: Backend;
}

/**
 * [1, Tq], which is first, first + 1, … for every row of the batch.
 *
 * @throws ArgumentError for a length below 1 and a first that is no whole number
 */
export function monotonicCentres(queries: number, options: MonotonicCentresOptions = {}): Floats {
  const op = 'monotonicCentres';
  checkOptions(op, options, ['first', 'backend']);
  const Tq = checkedCount(op, 'queries', queries, 'monotonicCentres(Tq)');
  const { first = 0, backend } = options;
  if (!Number.isSafeInteger(first) || first < 0)
    throw new ArgumentError(
      op,
      'first must be a whole number, 0 or more',
      { first },
      '{ first: 3 } for the fourth step',
    );
  const t = Float32Array.from({ length: Tq }, (_, i) => first + i);
  return tensor(t, [1, Tq], { ...(backend && { backend }) });
}
