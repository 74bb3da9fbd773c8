/** v = −logSoftmax(ln p)[class]; from logits z: −logSoftmax(z)[class] */
import {
  cast,
  checkedFloats,
  checkOptions,
  ArgumentError,
  expandDims,
  greaterEqual,
  less,
  log,
  logicalAnd,
  logicalOr,
  logSoftmax,
  neg,
  notEqual,
  oneHot,
  requireTensor,
  sameShape,
  scope,
  ShapeError,
  squeeze,
  sum,
  where,
} from '@recurra/core';
import type { Tensor } from '@recurra/core';
import type { Floats } from '../trees.js';
import { checkedLogits, clippedProbabilities, type CrossentropyOptions } from './probabilities.js';
import { checkedMask, lossOptions, reduceValues, type LossOptions } from './reduce.js';

/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCategoricalCrossentropyOptions extends CrossentropyOptions {
  /** Values whose class is this one are 0 and hidden, as by a mask. Default null: every class counts. */
  readonly ignoreClass?: number | null;
}

/**
 * Categorical crossentropy of targets that are numbers of classes: −ln p[class], p limited to [10⁻⁷, 1 − 10⁻⁷] and then
 * divided by its sum; with `fromLogits` −logSoftmax(z)[class]. Then the reduction.
 *
 * Classes are on the device and not read: one that is negative or too large has the value NaN, unless `mask` hides it.
 *
 * Source: keras.losses.SparseCategoricalCrossentropy, Keras 3.15.
 *
 * @param yTrue [B, …] or [B, …, 1], int32 or whole numbers in float32
 * @param yPred [B, …, C]
 * @returns a scalar, or [B, …] with `reduction: 'none'`
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an unknown option
 */
export function sparseCategoricalCrossentropy(
  yTrue: Tensor,
  yPred: Floats,
  options: SparseCategoricalCrossentropyOptions = {},
): Floats {
  const op = 'sparseCategoricalCrossentropy';
  checkOptions(op, options, [...lossOptions, 'fromLogits', 'ignoreClass']);
  return crossentropyOfClasses(op, yTrue, yPred, options);
}

/** The same under another name, of options whose names are known. */
export function crossentropyOfClasses(
  op: string,
  yTrue: Tensor,
  yPred: Floats,
  options: SparseCategoricalCrossentropyOptions,
): Floats {
  const fromLogits = checkedLogits(op, options);
  const ignored = options.ignoreClass ?? null;
  if (ignored !== null && !Number.isSafeInteger(ignored)) {
    throw new ArgumentError(op, 'ignoreClass must be a whole number', { ignoreClass: ignored }, 'ignoreClass: -1');
  }
  return scope(() => {
    const classes = checkedClasses(op, yTrue, yPred);
    const counts = ignored === null ? null : notEqual(classes, ignored);
    // Before the logarithms: what is ignored has no influence, be it NaN.
    const shown = counts === null ? yPred : where(expandDims(counts, -1), yPred, 0);
    const logs = logSoftmax(fromLogits ? shown : log(clippedProbabilities(shown)));
    const chosen = cast(oneHot(classes, yPred.shape[yPred.rank - 1]!), 'bool');
    // Chosen, not multiplied: a logit of −∞ forbids a class, and 0 · ∞ is no number.
    const found = neg(sum(where(chosen, logs, 0), { axis: -1 }));
    const values = where(strange(op, classes, yPred, options), NaN, found);
    if (counts === null) return reduceValues(op, values, options);
    const mask = options.mask == null ? counts : logicalAnd(counts, checkedMask(op, options.mask, values.shape));
    return reduceValues(op, where(counts, values, 0), { ...options, mask });
  });
}

/** Where a number is that of no class and is not hidden. */
function strange(op: string, classes: Tensor<'int32'>, yPred: Floats, { mask }: LossOptions): Tensor<'bool'> {
  const beyond = logicalOr(less(classes, 0), greaterEqual(classes, yPred.shape[yPred.rank - 1]!));
  return mask == null ? beyond : logicalAnd(beyond, checkedMask(op, mask, classes.shape));
}

/** Numbers of classes as int32, of the shape of yPred without its last axis. */
export function checkedClasses(op: string, yTrue: unknown, yPred: unknown): Tensor<'int32'> {
  const { shape } = checkedFloats(op, 'yPred', yPred);
  requireTensor(op, 'yTrue', yTrue);
  if (shape.length === 0 || shape[shape.length - 1] === 0) {
    throw new ShapeError(op, 'yPred must have classes', { yPred: shape }, 'yPred is [B, …, C]', 'RANK');
  }
  const trimmed = yTrue.rank === shape.length && yTrue.shape[yTrue.rank - 1] === 1 ? squeeze(yTrue, -1) : yTrue;
  if (sameShape(trimmed.shape, shape.slice(0, -1))) return cast(trimmed, 'int32');
  const facts = { yTrue: yTrue.shape, yPred: shape };
  throw new ShapeError(op, 'yTrue must be yPred without its last axis', facts, 'one number of a class a value');
}
