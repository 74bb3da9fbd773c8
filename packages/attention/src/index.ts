/** @recurra/attention: scores as their equations, the one place that masks and mixes, and Keras's layers as presets. */
export { attend, type Attended } from './attend.js';
export { attention, type AttentionOptions } from './attention.js';
export {
  defineScore,
  type Floats,
  type FusedScore,
  type Score,
  type ScoreFunction,
  type ScoreParts,
  type ScoreShapes,
  type Widths,
} from './score.js';
export type { NoParams } from './no-params.js';
export type { InitializerOption } from './parameters.js';
export { additiveScore, type AdditiveScoreOptions, type AdditiveScoreParams } from './scores/additive-score.js';
export { concatScore, type ConcatScoreOptions, type ConcatScoreParams } from './scores/concat-score.js';
export { dotScore } from './scores/dot-score.js';
export { generalScore, type GeneralScoreOptions, type GeneralScoreParams } from './scores/general-score.js';
export { scaledDotScore, type ScaledDotScoreOptions } from './scores/scaled-dot-score.js';
export { gaussianWindow } from './local/gaussian-window.js';
export { localAttention, type LocalAttentionOptions } from './local/local-attention.js';
export { monotonicCentres, type MonotonicCentresOptions } from './local/monotonic-centres.js';
export {
  predictiveCentres,
  type PredictiveCentres,
  type PredictiveCentresOptions,
  type PredictiveCentresParams,
} from './local/predictive-centres.js';
export { windowMask } from './local/window-mask.js';
export { causalMask } from './masks/causal-mask.js';
export { combineMasks } from './masks/combine-masks.js';
export type { Mask } from './masks/mask.js';
export { paddingMask } from './masks/padding-mask.js';
export { slidingWindowMask } from './masks/sliding-window-mask.js';
export {
  kerasAdditiveAttention,
  type KerasAdditiveAttentionOptions,
  type KerasAdditiveAttentionParams,
} from './keras/keras-additive-attention.js';
export { kerasAttention, type KerasAttentionOptions, type KerasAttentionParams } from './keras/keras-attention.js';
export type { DropoutCall, DropoutOptions } from './keras/dropout.js';
export type { KerasAttentionInputs } from './keras/keras-inputs.js';
export type { KerasAttended, KerasAttentionCall, KerasAttentionLayer } from './keras/keras-layer.js';
export { groupedQueryAttention, type GroupedQueryAttentionOptions } from './heads/grouped-query-attention.js';
export type { HeadMasks } from './heads/head-masks.js';
export type {
  HeadsAttended,
  HeadsCall,
  HeadsLayer,
  HeadsOptions,
  HeadsParams,
  HeadsWidths,
} from './heads/heads-layer.js';
export { multiHeadAttention, type MultiHeadAttentionOptions } from './heads/multi-head-attention.js';
export type { Projection } from './heads/projection.js';
