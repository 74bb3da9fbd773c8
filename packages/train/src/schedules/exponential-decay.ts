/** η(t) = η₀ · rate^(t / decaySteps) */
import { checkedFlag, checkOptions } from '@recurra/core';
import { power } from './elementary.js';
import { checkedNonNegative, checkedPositive, checkedStep, type Schedule } from './schedule.js';

/** Options of `exponentialDecay`, Keras's. */
export interface ExponentialDecayOptions {
  readonly initialLearningRate: number;
  /** After so many steps the learning rate has been multiplied by `decayRate` once. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Decay at whole multiples of `decaySteps` only. Default false. */
  readonly staircase?: boolean;
}

/**
 * A learning rate that falls by the same factor in the same number of steps: η₀ · decayRate^(step / decaySteps), with
 * `staircase` the exponent rounded down.
 *
 * Source: keras.optimizers.schedules.ExponentialDecay, Keras 3.15.
 * @throws ArgumentError for an option that is missing, unknown or out of range
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const op = 'exponentialDecay';
  checkOptions(op, options, ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase']);
  const initial = checkedNonNegative(op, 'initialLearningRate', options.initialLearningRate);
  const decaySteps = checkedPositive(op, 'decaySteps', options.decaySteps);
  const decayRate = checkedNonNegative(op, 'decayRate', options.decayRate);
  const staircase = checkedFlag(op, 'staircase', options.staircase ?? false);
  return (step) => {
    const p = checkedStep(op, step) / decaySteps;
    return initial * power(decayRate, staircase ? Math.floor(p) : p);
  };
}
