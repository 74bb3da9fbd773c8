/** w ← w − η g; with momentum m ← μ m − η g, w ← w + m, or with Nesterov's look ahead w ← w + μ m − η g */
import { add, checkedFlag, mul, sub } from '@recurra/core';
import { defineOptimizer, type Optimizer } from './optimizer.js';
import { checkedFraction, commonOptions, type OptimizerOptions } from './options.js';

/** Options of `sgd`. `learningRate` is 0.01 by default. */
export interface SgdOptions extends OptimizerOptions {
  /** μ, from 0 to 1: how much of the last step is taken again. Default 0. */
  readonly momentum?: number;
  /** Look at the gradient where the momentum leads. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent: w ← w − η g. With `momentum` μ: m ← μ m − η g, then w ← w + m, or with `nesterov` w ← w + μ m − η g.
 *
 * Source: keras.optimizers.SGD, Keras 3.15.
 * @throws ArgumentError for an option that is unknown or out of range
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const common = commonOptions('sgd', options, ['momentum', 'nesterov'], { learningRate: 0.01 });
  const momentum = checkedFraction('sgd', 'momentum', options.momentum ?? 0, true);
  const nesterov = checkedFlag('sgd', 'nesterov', options.nesterov ?? false);
  const slots = momentum === 0 ? {} : { momentum: 0 };
  return defineOptimizer('sgd', common, slots, ({ gradient, variable, slots: { momentum: m }, learningRate }) => {
    const step = mul(gradient, learningRate);
    if (m === undefined) return { variable: sub(variable, step), slots: {} };
    const next = sub(mul(m, momentum), step);
    const move = nesterov ? sub(mul(next, momentum), step) : next;
    return { variable: add(variable, move), slots: { momentum: next } };
  });
}
