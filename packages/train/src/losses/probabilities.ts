/** What crossentropies share: options, and probabilities that are kept off 0 and 1. */
import { ArgumentError, checkedFinite, checkedFlag, clip } from '@recurra/core';
import type { Floats } from '../trees.js';
import type { LossOptions } from './reduce.js';

/** What every crossentropy can be told. */
export interface CrossentropyOptions extends LossOptions {
  /** yPred are numbers before the sigmoid or softmax, which is exact where probabilities reach 0 or 1. Default false. */
  readonly fromLogits?: boolean;
}

/** Options of the crossentropies whose targets are numbers from 0 to 1. */
export interface SmoothedOptions extends CrossentropyOptions {
  /** From 0 to 1: how far targets are moved towards "all equally likely". Default 0. */
  readonly labelSmoothing?: number;
}

/** Keras's `epsilon()`: probabilities are limited to [10⁻⁷, 1 − 10⁻⁷]. */
const epsilon = 1e-7;

export function clippedProbabilities(x: Floats): Floats {
  return clip(x, epsilon, 1 - epsilon);
}

export function checkedLogits(op: string, options: CrossentropyOptions): boolean {
  return checkedFlag(op, 'fromLogits', options.fromLogits ?? false);
}

export function checkedSmoothing(op: string, options: SmoothedOptions): number {
  const x = checkedFinite(op, 'labelSmoothing', options.labelSmoothing ?? 0);
  if (x >= 0 && x <= 1) return x;
  throw new ArgumentError(op, 'labelSmoothing must be from 0 to 1', { labelSmoothing: x }, 'for example 0.1');
}
