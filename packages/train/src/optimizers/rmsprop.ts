/** v ← ρ v + (1 − ρ) g²   w ← w − η g / √(v + ε); centered: v − ḡ² + ε, ḡ ← ρ ḡ + (1 − ρ) g */
import { add, checkedFlag, div, mul, sqrt, square, sub } from '@recurra/core';
import { checkedNonNegative } from '../schedules/schedule.js';
import { defineOptimizer, type Optimizer } from './optimizer.js';
import { checkedFraction, commonOptions, type OptimizerOptions } from './options.js';

/** Options of `rmsprop`. `learningRate` is 0.001 by default. */
export interface RmspropOptions extends OptimizerOptions {
  /** ρ: how much of the mean of squared gradients is kept. Default 0.9. */
  readonly rho?: number;
  /** μ: how much of the last step is taken again. Default 0. */
  readonly momentum?: number;
  /** ε, which keeps the step finite. Default 1e-7. */
  readonly epsilon?: number;
  /** Divide by the root of the variance of gradients instead of their mean square. Default false. */
  readonly centered?: boolean;
}

/**
 * Steps of a gradient divided by the root of the mean of its squares: v ← ρ v + (1 − ρ) g², w ← w − η g / √(v + ε).
 * With `centered`, √(v − ḡ² + ε) with the mean gradient ḡ; with `momentum` μ, p ← μ p + the step, w ← w − p.
 *
 * Source: keras.optimizers.RMSprop, Keras 3.15; Tieleman and Hinton 2012.
 * @throws ArgumentError for an option that is unknown or out of range
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const own = ['rho', 'momentum', 'epsilon', 'centered'];
  const common = commonOptions('rmsprop', options, own, { learningRate: 0.001 });
  const rho = checkedFraction('rmsprop', 'rho', options.rho ?? 0.9);
  const momentum = checkedFraction('rmsprop', 'momentum', options.momentum ?? 0, true);
  const epsilon = checkedNonNegative('rmsprop', 'epsilon', options.epsilon ?? 1e-7);
  const centered = checkedFlag('rmsprop', 'centered', options.centered ?? false);
  const slots = { velocity: 0, ...(momentum > 0 && { momentum: 0 }), ...(centered && { averageGradient: 0 }) };
  return defineOptimizer('rmsprop', common, slots, ({ gradient, variable, slots: held, learningRate }) => {
    const v = add(mul(held['velocity']!, rho), mul(square(gradient), 1 - rho));
    const average = centered ? add(mul(held['averageGradient']!, rho), mul(gradient, 1 - rho)) : null;
    const spread = average === null ? v : sub(v, square(average));
    const step = div(mul(gradient, learningRate), sqrt(add(spread, epsilon)));
    const p = momentum > 0 ? add(mul(held['momentum']!, momentum), step) : null;
    return {
      variable: sub(variable, p ?? step),
      slots: { velocity: v, ...(p && { momentum: p }), ...(average && { averageGradient: average }) },
    };
  });
}
