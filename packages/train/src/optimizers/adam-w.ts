/** Adam after w ← w − w λ η: the decay of weights beside the gradient, not in it */
import { ArgumentError } from '@recurra/core';
import { adamNamed, type AdamOptions } from './adam.js';
import type { Optimizer } from './optimizer.js';

/** Options of `adamW`: those of `adam`, and a `weightDecay` of 0.004 by default. */
export interface AdamWOptions extends AdamOptions {
  /** λ. Default 0.004. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay: w ← w − w λ η, then Adam's step.
 *
 * Source: keras.optimizers.AdamW, Keras 3.15; Loshchilov and Hutter 2017.
 * @throws ArgumentError for an option that is unknown or out of range
 */
export function adamW(options: AdamWOptions = {}): Optimizer {
  const made = adamNamed('adamW', options, { weightDecay: 0.004 });
  if ((options.weightDecay as unknown) === null) {
    throw new ArgumentError('adamW', 'needs a weight decay', { weightDecay: null }, 'adam(…) has none');
  }
  return made;
}
