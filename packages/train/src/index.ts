/** @recurra/train: Keras's optimizers, losses and schedules, `fit`, and checkpoints. */
export { adagrad, type AdagradOptions } from './optimizers/adagrad.js';
export { adam, type AdamOptions } from './optimizers/adam.js';
export { adamW, type AdamWOptions } from './optimizers/adam-w.js';
export { rmsprop, type RmspropOptions } from './optimizers/rmsprop.js';
export { sgd, type SgdOptions } from './optimizers/sgd.js';
export type { Optimizer, OptimizerState, UpdateOptions } from './optimizers/optimizer.js';
export type { OptimizerOptions } from './optimizers/options.js';
export { clipByGlobalNorm, clipByNorm, clipByValue, globalNorm } from './clipping.js';
export { constantRate } from './schedules/constant-rate.js';
export { cosineDecay, type CosineDecayOptions } from './schedules/cosine-decay.js';
export { exponentialDecay, type ExponentialDecayOptions } from './schedules/exponential-decay.js';
export { piecewiseConstantDecay, type PiecewiseConstantDecayOptions } from './schedules/piecewise-constant-decay.js';
export type { Schedule } from './schedules/schedule.js';
export type { Floats } from './trees.js';
export { binaryCrossentropy } from './losses/binary-crossentropy.js';
export { categoricalCrossentropy } from './losses/categorical-crossentropy.js';
export { huber, type HuberOptions } from './losses/huber.js';
export { meanAbsoluteError } from './losses/mean-absolute-error.js';
export { meanSquaredError } from './losses/mean-squared-error.js';
export type { CrossentropyOptions, SmoothedOptions } from './losses/probabilities.js';
export type { LossOptions, Reduction } from './losses/reduce.js';
export {
  sparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyOptions,
} from './losses/sparse-categorical-crossentropy.js';
export {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  type BinaryAccuracyOptions,
} from './metrics/accuracy.js';
export type { MetricOptions } from './metrics/mean-metric.js';
export { perplexity, type PerplexityOptions } from './metrics/perplexity.js';
export { checkCheckpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint/checkpoint.js';
export type { CheckpointValue } from './checkpoint/value.js';
export { fit, type CheckpointOptions, type Run } from './fit/fit.js';
export type { BatchOf, RowsOf } from './fit/data.js';
export type { EarlyStoppingOptions } from './fit/early-stopping.js';
export type { FitOptions } from './fit/options.js';
export type { How, Logs, LossResult, Outcome, Progress } from './fit/progress.js';
