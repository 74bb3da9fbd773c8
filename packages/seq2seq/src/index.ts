/** @recurra/seq2seq: decoders with attention as cells, and decoding, greedily and with beams. */
export {
  attentionCell,
  type AttentionCell,
  type AttentionCellOptions,
  type AttentionCellParams,
  type BoundAttentionCell,
  type PreparedAttentionCell,
} from './attention-cell.js';
export type { DecoderState, Form, FormParts, FormSizes, FormWidths } from './forms/form.js';
export { bahdanau } from './forms/bahdanau.js';
export { luong, type LuongOptions, type LuongParams } from './forms/luong.js';
export { addonsWrapper, type AddonsWrapperOptions, type AddonsWrapperParams } from './forms/addons-wrapper.js';
export { luongMechanism, type LuongMechanismOptions, type LuongMechanismParams } from './mechanisms/luong-mechanism.js';
export {
  bahdanauMechanism,
  type BahdanauMechanismOptions,
  type BahdanauMechanismParams,
} from './mechanisms/bahdanau-mechanism.js';
export type { Alignment, Look } from './alignments/alignment.js';
export { softmaxAlignment } from './alignments/softmax-alignment.js';
export { hardmaxAlignment } from './alignments/hardmax-alignment.js';
export {
  monotonicAlignment,
  type MonotonicAlignmentOptions,
  type MonotonicAlignmentParams,
  type MonotonicMode,
} from './alignments/monotonic-alignment.js';
export type { InitializerOption } from './parameters.js';
export { teacherForced, type TeacherForced, type TeacherForcedOptions } from './teacher-forced.js';
export type { Decoded, DecodeStep, Step } from './decoding/decode-step.js';
export type { SearchOptions } from './decoding/search-options.js';
export { decoderStep, type DecoderStep, type DecoderStepOptions } from './decoding/decoder-step.js';
export { greedyDecode } from './decoding/greedy-decode.js';
export { beamSearch, type BeamSearchOptions, type Hypothesis } from './decoding/beam-search.js';
export { tileBatch } from './decoding/tile-batch.js';
