/** v = mean of −t ln p − (1 − t) ln(1 − p); from logits z: ln(1 + eᶻ) − z t */
import { add, checkOptions, log, mean, mul, neg, scope, softplus, sub } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import type { Floats } from '../trees.js';
import { checkedLogits, checkedSmoothing, clippedProbabilities, type SmoothedOptions } from './probabilities.js';
import { lossOptions, reduceValues } from './reduce.js';
import { aligned } from './targets.js';

/**
 * Binary crossentropy: the mean of −t ln p − (1 − t) ln(1 − p) over the last axis, p limited to [10⁻⁷, 1 − 10⁻⁷]; with
 * `fromLogits` ln(1 + eᶻ) − z t, without limits. `labelSmoothing` s makes t (1 − s) + s/2 of t. Then the reduction.
 *
 * Source: keras.losses.BinaryCrossentropy, Keras 3.15.
 *
 * @param yTrue [B, …, D], any dtype, 0 to 1
 * @param yPred the same shape; where one of the two lacks a last axis of 1, it is added
 * @returns a scalar, or [B, …] with `reduction: 'none'`
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an option that is unknown or out of
 * range
 */
export function binaryCrossentropy(yTrue: Tensor, yPred: Floats, options: SmoothedOptions = {}): Floats {
  const op = 'binaryCrossentropy';
  checkOptions(op, options, [...lossOptions, 'fromLogits', 'labelSmoothing']);
  const [fromLogits, smoothing] = [checkedLogits(op, options), checkedSmoothing(op, options)];
  return scope(() => {
    const [plain, p] = aligned(op, yTrue, yPred);
    const t = smoothing === 0 ? plain : add(mul(plain, 1 - smoothing), 0.5 * smoothing);
    const values = fromLogits ? sub(softplus(p), mul(p, t)) : ofProbabilities(t, clippedProbabilities(p));
    return reduceValues(op, mean(values, { axis: -1 }), options);
  });
}

function ofProbabilities(t: Floats, p: Floats): Floats {
  return neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))));
}
