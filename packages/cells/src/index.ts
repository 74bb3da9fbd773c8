/** @recurra/cells: recurrent cells as their equations, and the one driver that runs them over time. */
export type {
  Call,
  Cell,
  CellParams,
  CellSession,
  Floats,
  Inputs,
  LastOutput,
  Outputs,
  OutputsOf,
  RNNResult,
  SequenceOptions,
} from './cell.js';
export type { ActivationOption, CellOptions, GatedCellOptions, InitializerOption } from './cell-options.js';
export type { DropoutOptions } from './dropout.js';
export { rnn, type RNNOptions } from './rnn.js';
export { segments, type Segments } from './segments.js';
export {
  bidirectional,
  type BidirectionalOptions,
  type BidirectionalResult,
  type Directions,
  type Layer,
  type MergeMode,
} from './bidirectional.js';
export { simpleRNNCell, type SimpleRNNParams, type SimpleRNNState } from './simple-rnn-cell.js';
export { lstmCell, type LSTMOptions, type LSTMParams, type LSTMState } from './lstm-cell.js';
export { gruCell, type GRUOptions, type GRUParams, type GRUState } from './gru-cell.js';
export { stackedRNNCells, type StackedParams, type StackedState } from './stacked-rnn-cells.js';
export { stream, type Stream, type StreamOptions } from './stream.js';
export { peepholeLSTMCell, type PeepholeLSTMOptions, type PeepholeLSTMParams } from './variants/peephole-lstm-cell.js';
export {
  projectedLSTMCell,
  type ProjectedLSTMOptions,
  type ProjectedLSTMParams,
  type ProjectedLSTMState,
} from './variants/projected-lstm-cell.js';
export {
  layerNormLSTMCell,
  type LayerNormLSTMOptions,
  type LayerNormLSTMParams,
} from './variants/layer-norm-lstm-cell.js';
export { coupledLSTMCell, type CoupledLSTMOptions, type CoupledLSTMParams } from './variants/coupled-lstm-cell.js';
export {
  minimalGatedCell,
  type MinimalGatedOptions,
  type MinimalGatedParams,
  type MinimalGatedState,
} from './variants/minimal-gated-cell.js';
export { zoneout, type ZoneoutOptions } from './variants/zoneout.js';
export { residual } from './variants/residual.js';
