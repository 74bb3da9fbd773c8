/** η(t) = η₁ · ((1 − α) · ½(1 + cos(π t / decaySteps)) + α), after a straight line up to η₁ */
import { ArgumentError, checkOptions } from '@recurra/core';
import { cosPi } from './elementary.js';
import { checkedNonNegative, checkedPositive, checkedStep, type Schedule } from './schedule.js';

/** Options of `cosineDecay`, Keras's. */
export interface CosineDecayOptions {
  readonly initialLearningRate: number;
  /** Steps from the top to the bottom, those of the warm-up not counted. */
  readonly decaySteps: number;
  /** What is left at the end, as a fraction of the top. Default 0. */
  readonly alpha?: number;
  /** The top, which the warm-up reaches in a straight line from `initialLearningRate`. Default: no warm-up. */
  readonly warmupTarget?: number | null;
  /** Default 0. */
  readonly warmupSteps?: number;
}

/**
 * A learning rate that falls along half a cosine, after a linear warm-up if there is a `warmupTarget`; then it stays.
 *
 * Source: keras.optimizers.schedules.CosineDecay, Keras 3.15; Loshchilov and Hutter 2016.
 * @throws ArgumentError for an option that is missing, unknown or out of range
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const op = 'cosineDecay';
  checkOptions(op, options, ['initialLearningRate', 'decaySteps', 'alpha', 'warmupTarget', 'warmupSteps']);
  const initial = checkedNonNegative(op, 'initialLearningRate', options.initialLearningRate);
  const decaySteps = checkedPositive(op, 'decaySteps', options.decaySteps);
  const alpha = checkedNonNegative(op, 'alpha', options.alpha ?? 0);
  const warms = options.warmupTarget != null;
  const top = warms ? checkedNonNegative(op, 'warmupTarget', options.warmupTarget) : initial;
  const warmupSteps = checkedNonNegative(op, 'warmupSteps', options.warmupSteps ?? 0);
  if (!warms && warmupSteps > 0) {
    throw new ArgumentError(op, 'a warm-up needs a target', { warmupSteps }, 'warmupTarget: 0.001');
  }
  return (step) => {
    const at = checkedStep(op, step);
    if (at < warmupSteps) return (top - initial) * (at / warmupSteps) + initial;
    const fraction = Math.min(at - warmupSteps, decaySteps) / decaySteps;
    return top * ((1 - alpha) * (0.5 * (1 + cosPi(fraction))) + alpha);
  };
}
