/** e = yPred − yTrue; v = mean of e²/2 where |e| ≤ δ, else δ|e| − δ²/2 */
import { abs, checkOptions, lessEqual, mean, mul, scope, square, sub, where } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import { checkedPositive } from '../schedules/schedule.js';
import type { Floats } from '../trees.js';
import { lossOptions, reduceValues, type LossOptions } from './reduce.js';
import { aligned } from './targets.js';

/** Options of `huber`. */
export interface HuberOptions extends LossOptions {
  /** δ, the error from which the loss grows in a straight line. Default 1. */
  readonly delta?: number;
}

/**
 * Huber's loss: with e = yPred − yTrue, e²/2 for |e| ≤ δ and δ|e| − δ²/2 beyond; the mean over the last axis, then the
 * reduction.
 *
 * Source: keras.losses.Huber, Keras 3.15; Huber 1964.
 *
 * @param yTrue [B, …, D]
 * @param yPred the same shape; where one of the two lacks a last axis of 1, it is added
 * @returns a scalar, or [B, …] with `reduction: 'none'`
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an unknown option, or δ ≤ 0
 */
export function huber(yTrue: Tensor, yPred: Floats, options: HuberOptions = {}): Floats {
  const op = 'huber';
  checkOptions(op, options, [...lossOptions, 'delta']);
  const delta = checkedPositive(op, 'delta', options.delta ?? 1);
  return scope(() => {
    const [t, p] = aligned(op, yTrue, yPred);
    const error = sub(p, t);
    const size = abs(error);
    const near = mul(square(error), 0.5);
    const far = sub(mul(size, delta), 0.5 * delta * delta);
    return reduceValues(op, mean(where(lessEqual(size, delta), near, far), { axis: -1 }), options);
  });
}
