/** v = Σ (yTrue − yPred)² / D over the last axis */
import { checkOptions, mean, scope, square, sub } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import type { Floats } from '../trees.js';
import { lossOptions, reduceValues, type LossOptions } from './reduce.js';
import { aligned } from './targets.js';

/**
 * Mean squared error: for each sample the mean of (yTrue − yPred)² over the last axis, then the reduction.
 *
 * Source: keras.losses.MeanSquaredError, Keras 3.15.
 *
 * @param yTrue [B, …, D]
 * @param yPred the same shape; where one of the two lacks a last axis of 1, it is added
 * @returns a scalar, or [B, …] with `reduction: 'none'`
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an unknown option
 */
export function meanSquaredError(yTrue: Tensor, yPred: Floats, options: LossOptions = {}): Floats {
  const op = 'meanSquaredError';
  checkOptions(op, options, lossOptions);
  return scope(() => {
    const [t, p] = aligned(op, yTrue, yPred);
    return reduceValues(op, mean(square(sub(t, p)), { axis: -1 }), options);
  });
}
