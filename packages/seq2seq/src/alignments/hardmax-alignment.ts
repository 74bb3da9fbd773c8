/**
 * a_j = 1 for the j of the highest valid score, the first among equals, else 0
 *
 * tensorflow/addons' `hardmax`. No gradient goes to the scores. Nothing valid: the first position.
 */
import { argMax, matmul, oneHot, where, zeros } from '@recurra/core';
import type { NoParams } from '@recurra/attention';
import { noParams } from '../parameters.js';
import type { Alignment } from './alignment.js';

/** The best position alone, for decoding. */
export function hardmaxAlignment(): Alignment<NoParams, null> {
  return {
    name: 'hardmaxAlignment',
    ...noParams,
    initial: (batch, length, backend) => zeros([batch, length], { backend }),
    begin: () => null,
    attend(_, { scores: e, values, mask }) {
      const best = argMax(mask === null ? e : where(mask, e, -Infinity), { axis: -1 });
      const a = oneHot(best, e.shape[2]!);
      return { context: matmul(a, values), weights: a };
    },
  };
}
