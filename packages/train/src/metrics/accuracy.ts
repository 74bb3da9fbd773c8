/** How often a prediction is right: by a threshold, against one-hot targets, against numbers of classes. */
import { argMax, cast, checkedFinite, checkOptions, equal, greater, mean, scope } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import { checkedClasses } from '../losses/sparse-categorical-crossentropy.js';
import { aligned } from '../losses/targets.js';
import type { Floats } from '../trees.js';
import { metricOptions, weightedMean, type MetricOptions } from './mean-metric.js';

/** Options of `binaryAccuracy`. */
export interface BinaryAccuracyOptions extends MetricOptions {
  /** A prediction above it counts as 1. Default 0.5; for logits 0. */
  readonly threshold?: number;
}

/**
 * The share of predictions that are on the side of the threshold where the target is.
 *
 * Source: keras.metrics.BinaryAccuracy, Keras 3.15.
 *
 * @param yTrue [B, …, D], 0 or 1
 * @param yPred the same shape
 * @returns a scalar; weights and mask have the shape without the last axis, over which the share is taken first
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an unknown option
 */
export function binaryAccuracy(yTrue: Tensor, yPred: Floats, options: BinaryAccuracyOptions = {}): Floats {
  const op = 'binaryAccuracy';
  checkOptions(op, options, [...metricOptions, 'threshold']);
  const threshold = checkedFinite(op, 'threshold', options.threshold ?? 0.5);
  return scope(() => {
    const [t, p] = aligned(op, yTrue, yPred);
    const right = cast(equal(t, cast(greater(p, threshold), 'float32')), 'float32');
    return weightedMean(op, mean(right, { axis: -1 }), options);
  });
}

/**
 * The share of rows whose greatest prediction is where the greatest target is.
 *
 * Source: keras.metrics.CategoricalAccuracy, Keras 3.15.
 *
 * @param yTrue [B, …, C], one-hot
 * @param yPred [B, …, C], probabilities or logits
 * @returns a scalar
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an unknown option
 */
export function categoricalAccuracy(yTrue: Tensor, yPred: Floats, options: MetricOptions = {}): Floats {
  const op = 'categoricalAccuracy';
  checkOptions(op, options, metricOptions);
  return scope(() => {
    const [t, p] = aligned(op, yTrue, yPred);
    return weightedMean(op, cast(equal(argMax(t, { axis: -1 }), argMax(p, { axis: -1 })), 'float32'), options);
  });
}

/**
 * The share of rows whose greatest prediction is at the class that the target names.
 *
 * Source: keras.metrics.SparseCategoricalAccuracy, Keras 3.15.
 *
 * @param yTrue [B, …] or [B, …, 1], int32 or whole numbers in float32
 * @param yPred [B, …, C], probabilities or logits
 * @returns a scalar
 * @throws ShapeError, DTypeError when they do not fit each other; ArgumentError for an unknown option
 */
export function sparseCategoricalAccuracy(yTrue: Tensor, yPred: Floats, options: MetricOptions = {}): Floats {
  const op = 'sparseCategoricalAccuracy';
  checkOptions(op, options, metricOptions);
  return scope(() => {
    const classes = checkedClasses(op, yTrue, yPred);
    return weightedMean(op, cast(equal(classes, argMax(yPred, { axis: -1 })), 'float32'), options);
  });
}
