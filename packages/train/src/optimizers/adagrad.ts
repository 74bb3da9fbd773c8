/** a ← a + g²   w ← w − η g / √(a + ε) */
import { add, div, mul, sqrt, square, sub } from '@recurra/core';
import { checkedNonNegative } from '../schedules/schedule.js';
import { defineOptimizer, type Optimizer } from './optimizer.js';
import { commonOptions, type OptimizerOptions } from './options.js';

/** Options of `adagrad`. `learningRate` is 0.001 by default. */
export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares starts from. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** ε, which keeps the step finite. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Steps that shrink with all the gradients that came before: a ← a + g², w ← w − η g / √(a + ε).
 *
 * Source: keras.optimizers.Adagrad, Keras 3.15; Duchi 2011.
 * @throws ArgumentError for an option that is unknown or out of range
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const common = commonOptions('adagrad', options, ['initialAccumulatorValue', 'epsilon'], { learningRate: 0.001 });
  const initial = options.initialAccumulatorValue ?? 0.1;
  const accumulator = checkedNonNegative('adagrad', 'initialAccumulatorValue', initial);
  const epsilon = checkedNonNegative('adagrad', 'epsilon', options.epsilon ?? 1e-7);
  return defineOptimizer('adagrad', common, { accumulator }, ({ gradient, variable, slots: held, learningRate }) => {
    const a = add(held['accumulator']!, square(gradient));
    const step = div(mul(gradient, learningRate), sqrt(add(a, epsilon)));
    return { variable: sub(variable, step), slots: { accumulator: a } };
  });
}
