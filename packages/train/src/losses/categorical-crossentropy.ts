/** v = −Σ t ln p over classes, p scaled to sum 1; from logits z: −Σ t · logSoftmax(z) */
import { add, checkOptions, div, log, logSoftmax, mul, neg, scope, sum } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import type { Floats } from '../trees.js';
import { checkedLogits, checkedSmoothing, clippedProbabilities, type SmoothedOptions } from './probabilities.js';
import { lossOptions, reduceValues } from './reduce.js';
import { aligned } from './targets.js';

/**
 * Categorical crossentropy of targets in one-hot form: −Σ t ln p over the last axis, p divided by its sum and limited to
 * [10⁻⁷, 1 − 10⁻⁷]; with `fromLogits` −Σ t · logSoftmax(z). `labelSmoothing` s makes t (1 − s) + s/C of t. Then the
 * reduction.
 *
 * Source: keras.losses.CategoricalCrossentropy, Keras 3.15.
 *
 * The gradient is that of the equation, softmax(z)·Σt − t from logits. TensorFlow's own op has softmax(z) − t, which is the
 * same where a row of targets sums to 1, as it should.
 *
 * @param yTrue [B, …, C], any dtype; each row sums to 1
 * @param yPred [B, …, C]
 * @returns a scalar, or [B, …] with `reduction: 'none'`
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an option that is unknown or out of
 * range
 */
export function categoricalCrossentropy(yTrue: Tensor, yPred: Floats, options: SmoothedOptions = {}): Floats {
  const op = 'categoricalCrossentropy';
  checkOptions(op, options, [...lossOptions, 'fromLogits', 'labelSmoothing']);
  const [fromLogits, smoothing] = [checkedLogits(op, options), checkedSmoothing(op, options)];
  return scope(() => {
    const [plain, p] = aligned(op, yTrue, yPred);
    const t = smoothing === 0 ? plain : add(mul(plain, 1 - smoothing), smoothing / p.shape[p.rank - 1]!);
    const logs = fromLogits ? logSoftmax(p) : log(clippedProbabilities(div(p, sum(p, { axis: -1, keepDims: true }))));
    return reduceValues(op, neg(sum(mul(t, logs), { axis: -1 })), options);
  });
}
