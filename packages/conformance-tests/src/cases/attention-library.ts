/** What the cases of attention need of a library: that of @recurra/attention, or one that is broken. */
import type * as ours from '@recurra/attention';

export type AttentionLibrary = Pick<
  typeof ours,
  | 'additiveScore'
  | 'attend'
  | 'attention'
  | 'causalMask'
  | 'combineMasks'
  | 'concatScore'
  | 'dotScore'
  | 'gaussianWindow'
  | 'generalScore'
  | 'groupedQueryAttention'
  | 'kerasAdditiveAttention'
  | 'kerasAttention'
  | 'localAttention'
  | 'monotonicCentres'
  | 'multiHeadAttention'
  | 'paddingMask'
  | 'predictiveCentres'
  | 'scaledDotScore'
  | 'slidingWindowMask'
  | 'windowMask'
>;
