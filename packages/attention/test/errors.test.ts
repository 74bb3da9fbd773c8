/** Bad input gives core's typed errors, which name the op, the facts and a way out, and leaves nothing behind. */
import { full, RecurraError, tensor } from '@recurra/core';
import type { Shape, Tensor } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  additiveScore,
  attend,
  attention,
  causalMask,
  combineMasks,
  concatScore,
  dotScore,
  gaussianWindow,
  generalScore,
  groupedQueryAttention,
  kerasAdditiveAttention,
  kerasAttention,
  localAttention,
  monotonicCentres,
  multiHeadAttention,
  paddingMask,
  predictiveCentres,
  scaledDotScore,
  slidingWindowMask,
  windowMask,
} from '../src/index.js';
import { roundingBackend } from './rounding-backend.js';

const backend = roundingBackend(32);
const f = (...shape: number[]): Tensor<'float32'> => full(shape, 0.5, { backend });
const b = (...shape: number[]): Tensor<'bool'> => full(shape, 1, { dtype: 'bool', backend });
const ints = (...shape: number[]): Tensor<'int32'> => full(shape, 1, { dtype: 'int32', backend });
/** For what the types already refuse: JavaScript has none. */
const wrong = <T>(value: unknown): T => value as T;

const additive = additiveScore({ units: 5 });
const additiveParams = additive.init({ query: 3, keys: 4 }, { backend });
const concat = concatScore({ units: 5 });
const concatParams = concat.init({ query: 3, keys: 4 }, { backend });
const general = generalScore();
const generalParams = general.init({ query: 3, keys: 4 }, { backend });
const { v: _, ...withoutV } = additiveParams;
const [q, k] = [f(2, 3, 3), f(2, 6, 4)];
const withHole: number[] = [1, 2];
delete withHole[0];
const multi = multiHeadAttention({ numHeads: 2, keyDim: 3 });
const multiParams = multi.init({ query: 3, value: 4 }, { backend });
const grouped = groupedQueryAttention({ headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2 });
const groupedParams = grouped.init({ query: 3, value: 4 }, { backend });
const centresOf = predictiveCentres({ units: 5 });
const where = centresOf.init({ query: 3 }, { backend });
/** Inputs of rank 4: attention over axis 2, over 1 and 2. */
const wide = multiHeadAttention({ numHeads: 2, keyDim: 3, attentionAxes: 2 });
const wider = multiHeadAttention({ numHeads: 2, keyDim: 3 });
const [q4, k4] = [f(2, 5, 3, 3), f(2, 5, 6, 4)];

type Row = readonly [
  what: string,
  run: () => unknown,
  op: string,
  code: string,
  facts: Readonly<Record<string, unknown>>,
  hint?: RegExp,
];
// prettier-ignore
const rows: readonly Row[] = [
  // Sizes and options
  ['units 0', () => additiveScore({ units: 0 }), 'additiveScore', 'ARGUMENT', { units: 0 }, /units: 16/],
  ['units NaN', () => concatScore({ units: NaN }), 'concatScore', 'ARGUMENT', { units: NaN }, /units: 16/],
  ['units 2.5', () => additiveScore({ units: 2.5 }), 'additiveScore', 'ARGUMENT', { units: 2.5 }],
  ['units missing', () => additiveScore(wrong({})), 'additiveScore', 'ARGUMENT', { units: undefined }],
  ['options missing', () => additiveScore(wrong(undefined)), 'additiveScore', 'ARGUMENT', { options: undefined }, /units/],
  ['useBias not a boolean', () => additiveScore({ units: 2, useBias: wrong('no') }), 'additiveScore', 'ARGUMENT', { useBias: 'no' }],
  ['a misspelt option', () => kerasAttention(wrong({ use_scale: true })), 'kerasAttention', 'UNKNOWN_NAME', { options: ['useScale', 'scoreMode', 'dropout', 'seed'] }, /did you mean 'useScale'/],
  ['an option we do not have', () => kerasAttention(wrong({ activation: 'relu' })), 'kerasAttention', 'UNKNOWN_NAME', {}, /one of useScale, scoreMode, dropout, seed/],
  ['a misspelt dropout of the additive one', () => kerasAdditiveAttention(wrong({ droput: 0.5 })), 'kerasAdditiveAttention', 'UNKNOWN_NAME', {}, /did you mean 'dropout'/],
  ['dropout NaN', () => kerasAttention({ dropout: NaN }), 'kerasAttention', 'ARGUMENT', { dropout: NaN }, /0\.2/],
  ['dropout below 0', () => kerasAdditiveAttention({ dropout: -0.1 }), 'kerasAdditiveAttention', 'ARGUMENT', { dropout: -0.1 }],
  ['dropout above 1', () => multiHeadAttention({ numHeads: 2, keyDim: 3, dropout: 1.5 }), 'multiHeadAttention', 'ARGUMENT', { dropout: 1.5 }],
  ['dropout as a word', () => kerasAttention({ dropout: wrong('0.5') }), 'kerasAttention', 'ARGUMENT', { dropout: '0.5' }],
  ['dropout null', () => kerasAttention({ dropout: wrong(null) }), 'kerasAttention', 'ARGUMENT', { dropout: null }],
  ['a seed that is no whole number', () => kerasAttention({ dropout: 0.5, seed: 1.5 }), 'kerasAttention', 'ARGUMENT', { seed: 1.5 }, /seed: 42/],
  ['a seed as a word', () => groupedQueryAttention({ headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1, seed: wrong('a') }), 'groupedQueryAttention', 'ARGUMENT', { seed: 'a' }],
  ['an unknown initializer', () => additiveScore({ units: 2, vInitializer: wrong('gloritUniform') }), 'additiveScore', 'UNKNOWN_NAME', { name: 'gloritUniform' }, /did you mean 'glorotUniform'/],
  ['a misspelt score mode', () => kerasAttention({ scoreMode: wrong('cancat') }), 'kerasAttention', 'UNKNOWN_NAME', { scoreMode: 'cancat' }, /did you mean 'concat'/],
  ['an unknown score mode', () => kerasAttention({ scoreMode: wrong('cosine-similarity') }), 'kerasAttention', 'UNKNOWN_NAME', {}, /one of dot, concat/],
  ['scale NaN', () => scaledDotScore({ scale: NaN }), 'scaledDotScore', 'ARGUMENT', { scale: NaN }, /1\/√D/],
  ['a width of 0', () => additive.init({ query: 0, keys: 4 }, { backend }), 'additiveScore', 'ARGUMENT', { query: 0 }],
  ['a width missing', () => general.init(wrong({ query: 3 }), { backend }), 'generalScore', 'ARGUMENT', { keys: undefined }, /init\(\{ query: 8, keys: 8 \}\)/],
  ['unequal widths for dot', () => dotScore().init({ query: 3, keys: 4 }), 'dotScore', 'SHAPE', { query: 3, keys: 4 }, /generalScore/],
  ['a number for widths', () => kerasAdditiveAttention().init(wrong(8), { backend }), 'kerasAdditiveAttention', 'ARGUMENT', { widths: 8 }],
  ['causalMask of no keys', () => causalMask(2, 0, { backend }), 'causalMask', 'ARGUMENT', { keys: 0 }],

  // Scores
  ['query of rank 2', () => additive(additiveParams, f(3, 3), k), 'additiveScore', 'RANK', { query: [3, 3] }, /expandDims/],
  ['keys of rank 4', () => dotScore()({}, q, f(1, 2, 3, 3)), 'dotScore', 'RANK', { keys: [1, 2, 3, 3] }],
  ['unequal batches', () => general(generalParams, q, f(3, 6, 4)), 'generalScore', 'SHAPE', { query: [2, 3, 3], keys: [3, 6, 4] }, /batch/],
  ['unequal widths', () => scaledDotScore()({}, q, k), 'scaledDotScore', 'SHAPE', { query: [2, 3, 3], keys: [2, 6, 4] }, /generalScore/],
  ['no keys', () => additive(additiveParams, q, f(2, 0, 4)), 'additiveScore', 'EMPTY', { keys: [2, 0, 4] }],
  ['no features', () => dotScore()({}, f(2, 3, 0), f(2, 6, 0)), 'dotScore', 'EMPTY', { query: [2, 3, 0] }],
  ['keys that are int32', () => dotScore()({}, q, wrong(ints(2, 6, 3))), 'dotScore', 'DTYPE', { keys: 'int32' }, /cast/],
  ['a query that is no tensor', () => dotScore()({}, wrong([[[1, 2, 3]]]), k), 'dotScore', 'NOT_A_TENSOR', {}, /tensor\(/],
  ['a query of the wrong width', () => additive(additiveParams, f(2, 3, 9), k), 'additiveScore', 'SHAPE', { queryKernel: [3, 5], expected: [9, 5] }],
  ['keys of the wrong width', () => additive.prepare(additiveParams, f(2, 6, 9)), 'additiveScore', 'SHAPE', { keyKernel: [4, 5], expected: [9, 5] }],
  ['prepared keys of another score', () => additive.compare(additiveParams, q, f(2, 6, 4)), 'additiveScore', 'SHAPE', { prepared: [2, 6, 4] }, /prepare/],
  ['prepared keys of another batch', () => additive.compare(additiveParams, q, f(1, 6, 5)), 'additiveScore', 'SHAPE', { prepared: [1, 6, 5] }],
  ['unprepared keys for general', () => general.compare(generalParams, q, k), 'generalScore', 'SHAPE', { prepared: [2, 6, 4] }],
  ['a parameter missing', () => additive(wrong(withoutV), q, k), 'additiveScore', 'NOT_A_TENSOR', { 'params.v': undefined }],
  ['params missing', () => additive(wrong(undefined), q, k), 'additiveScore', 'ARGUMENT', { params: undefined }, /queryKernel/],
  ['a bias where none belongs', () => additive({ ...additiveParams, bias: f(5) }, q, k), 'additiveScore', 'ARGUMENT', {}, /leave bias out/],
  ['concat of wrong widths', () => concat(concatParams, q, f(2, 6, 5)), 'concatScore', 'SHAPE', { kernel: [7, 5], expected: [8, 5] }],
  ['concat, a query as wide as the kernel', () => concat.compare(concatParams, f(2, 3, 7), f(2, 6, 5)), 'concatScore', 'SHAPE', { query: [2, 3, 7] }],

  // attend and masks
  ['scores of rank 2', () => attend(f(3, 6), f(1, 6, 4)), 'attend', 'RANK', { scores: [3, 6] }],
  ['values of rank 2', () => attend(f(2, 3, 6), f(6, 4)), 'attend', 'RANK', { values: [6, 4] }],
  ['values of another batch', () => attend(f(2, 3, 6), f(1, 6, 4)), 'attend', 'SHAPE', { values: [1, 6, 4] }],
  ['values of another length', () => attend(f(2, 3, 6), f(2, 5, 4)), 'attend', 'SHAPE', { scores: [2, 3, 6], values: [2, 5, 4] }],
  ['scores over nothing', () => attend(f(2, 3, 0), f(2, 0, 4)), 'attend', 'EMPTY', { scores: [2, 3, 0] }],
  ['a float mask', () => attend(f(2, 3, 6), k, wrong(f(2, 3, 6))), 'attend', 'DTYPE', { mask: 'float32' }, /cast\(mask, 'bool'\)/],
  ['a mask [B, Tk]', () => attend(f(2, 3, 6), k, b(2, 6)), 'attend', 'SHAPE', { mask: [2, 6], scores: [2, 3, 6] }, /paddingMask/],
  ['a mask larger than the scores', () => attend(f(1, 3, 6), f(1, 6, 2), b(2, 3, 6)), 'attend', 'SHAPE', { mask: [2, 3, 6] }],
  ['a mask of rank 1', () => attend(f(2, 3, 6), k, b(6)), 'attend', 'SHAPE', { mask: [6] }],
  ['a mask of rank 4', () => attend(f(2, 3, 6), k, b(2, 1, 3, 6)), 'attend', 'SHAPE', { mask: [2, 1, 3, 6] }],
  ['a mask as nested lists', () => attend(f(2, 3, 6), k, wrong([[true]])), 'attend', 'NOT_A_TENSOR', {}],
  ['paddingMask of rank 3', () => paddingMask(b(2, 1, 6)), 'paddingMask', 'RANK', { valid: [2, 1, 6] }],
  ['paddingMask of floats', () => paddingMask(wrong(f(2, 6))), 'paddingMask', 'DTYPE', { valid: 'float32' }],
  ['combineMasks of floats', () => combineMasks(b(2, 6), null, wrong(f(2, 6))), 'combineMasks', 'DTYPE', { 'masks[2]': 'float32' }],
  ['combineMasks that do not broadcast', () => combineMasks(b(2, 6), b(2, 5)), 'combineMasks', 'SHAPE', { 'masks[0]': [2, 6], 'masks[1]': [2, 5] }],

  // attention
  ['a mask for another length', () => attention(additive, additiveParams, q, k, k, { mask: b(2, 1, 5), causal: true }), 'attention', 'SHAPE', { mask: [2, 1, 5] }],
  ['causal not a boolean', () => attention(additive, additiveParams, q, k, k, { causal: wrong(1) }), 'attention', 'ARGUMENT', { causal: 1 }],
  ['a misspelt option of attention', () => attention(additive, additiveParams, q, k, k, wrong({ masks: b(1, 1, 6) })), 'attention', 'UNKNOWN_NAME', {}, /did you mean 'mask'/],
  ['no score', () => attention(wrong<typeof additive>('additive'), additiveParams, q, k), 'attention', 'ARGUMENT', { score: 'additive' }, /additiveScore/],

  // Keras's
  ['a tensor in place of the list', () => kerasAttention()({}, wrong(q)), 'kerasAttention', 'ARGUMENT', {}, /\[query, value\]/],
  ['one input', () => kerasAttention()({}, wrong([q])), 'kerasAttention', 'ARGUMENT', {}, /in this order/],
  ['a value of rank 2', () => kerasAttention()({}, [q, f(6, 3)]), 'kerasAttention', 'RANK', { value: [6, 3] }],
  ['query and key of unequal widths', () => kerasAttention()({}, [q, k]), 'kerasAttention', 'SHAPE', { query: [2, 3, 3], key: [2, 6, 4] }],
  ['value and key of unequal lengths', () => kerasAttention()({}, [q, f(2, 5, 4), f(2, 6, 3)]), 'kerasAttention', 'SHAPE', { value: [2, 5, 4], key: [2, 6, 3] }, /order/],
  ['values over nothing', () => kerasAttention()({}, [q, f(2, 0, 3)]), 'kerasAttention', 'EMPTY', { value: [2, 0, 3] }],
  ['a scale that is not asked for', () => kerasAttention()({ scale: f() }, [q, f(2, 6, 3)]), 'kerasAttention', 'ARGUMENT', {}],
  ['a scale missing', () => kerasAttention({ useScale: true })({}, [q, f(2, 6, 3)]), 'kerasAttention', 'NOT_A_TENSOR', {}],
  ['a scale of the wrong shape', () => kerasAdditiveAttention()({ scale: f(4) }, [q, f(2, 6, 3)]), 'kerasAdditiveAttention', 'SHAPE', { scale: [4], expected: [3] }],
  ['a mask that is no list', () => kerasAttention()({}, [q, f(2, 6, 3)], { mask: wrong(b(2, 6)) }), 'kerasAttention', 'ARGUMENT', {}, /queryMask, valueMask/],
  ['a value mask of the wrong length', () => kerasAttention()({}, [q, f(2, 6, 3)], { mask: [null, b(2, 3)] }), 'kerasAttention', 'SHAPE', { expected: [2, 6] }, /\[B, Tv\]/],
  ['a query mask of the wrong length', () => kerasAttention()({}, [q, f(2, 6, 3)], { mask: [b(2, 6), null] }), 'kerasAttention', 'SHAPE', { expected: [2, 3] }],
  ['an int mask', () => kerasAttention()({}, [q, f(2, 6, 3)], { mask: [null, wrong(ints(2, 6))] }), 'kerasAttention', 'DTYPE', {}, /cast/],
  ['training not a boolean', () => kerasAttention()({}, [q, f(2, 6, 3)], { training: wrong(1) }), 'kerasAttention', 'ARGUMENT', { training: 1 }],
  ['a negative dropoutCounter', () => kerasAttention()({}, [q, f(2, 6, 3)], { dropoutCounter: -1 }), 'kerasAttention', 'ARGUMENT', { dropoutCounter: -1 }, /came before/],
  ['dropoutCounter NaN', () => multi(multiParams, [q, k], { dropoutCounter: NaN }), 'multiHeadAttention', 'ARGUMENT', { dropoutCounter: NaN }],
  ['a misspelt call option', () => kerasAttention()({}, [q, f(2, 6, 3)], wrong({ use_causal_mask: true })), 'kerasAttention', 'UNKNOWN_NAME', {}, /did you mean 'useCausalMask'/],

  // Heads: options
  ['multi-head without options', () => multiHeadAttention(wrong(undefined)), 'multiHeadAttention', 'ARGUMENT', { options: undefined }, /numHeads/],
  ['no heads', () => multiHeadAttention({ numHeads: 0, keyDim: 3 }), 'multiHeadAttention', 'ARGUMENT', { numHeads: 0 }, /numHeads: 4/],
  ['heads NaN', () => multiHeadAttention({ numHeads: NaN, keyDim: 3 }), 'multiHeadAttention', 'ARGUMENT', { numHeads: NaN }],
  ['keyDim missing', () => multiHeadAttention(wrong({ numHeads: 2 })), 'multiHeadAttention', 'ARGUMENT', { keyDim: undefined }],
  ['a negative valueDim', () => multiHeadAttention({ numHeads: 2, keyDim: 3, valueDim: -1 }), 'multiHeadAttention', 'ARGUMENT', { valueDim: -1 }],
  ['an outputShape of 0', () => multiHeadAttention({ numHeads: 2, keyDim: 3, outputShape: [2, 0] }), 'multiHeadAttention', 'ARGUMENT', { outputShape: 0 }, /outputShape: 64/],
  ['the batch as an attention axis', () => multiHeadAttention({ numHeads: 2, keyDim: 3, attentionAxes: 0 }), 'multiHeadAttention', 'ARGUMENT', { attentionAxes: 0 }],
  ['no attention axis', () => multiHeadAttention({ numHeads: 2, keyDim: 3, attentionAxes: [] }), 'multiHeadAttention', 'ARGUMENT', { attentionAxes: [] }],
  ['an attention axis as a word', () => multiHeadAttention({ numHeads: 2, keyDim: 3, attentionAxes: wrong(['time']) }), 'multiHeadAttention', 'ARGUMENT', {}],
  ['a slidingWindow of 0', () => multiHeadAttention({ numHeads: 2, keyDim: 3, slidingWindow: 0 }), 'multiHeadAttention', 'ARGUMENT', { slidingWindow: 0 }],
  ['useGate not a boolean', () => multiHeadAttention({ numHeads: 2, keyDim: 3, useGate: wrong(1) }), 'multiHeadAttention', 'ARGUMENT', { useGate: 1 }],
  ['useBias not a boolean, of heads', () => multiHeadAttention({ numHeads: 2, keyDim: 3, useBias: wrong('no') }), 'multiHeadAttention', 'ARGUMENT', { useBias: 'no' }],
  ['snake case', () => multiHeadAttention(wrong({ num_heads: 2, key_dim: 3 })), 'multiHeadAttention', 'UNKNOWN_NAME', {}, /did you mean 'numHeads'/],
  ['an unknown initializer of heads', () => multiHeadAttention({ numHeads: 2, keyDim: 3, kernelInitializer: wrong('glorot') }), 'multiHeadAttention', 'UNKNOWN_NAME', { name: 'glorot' }],
  ['an unknown initializer of biases', () => multiHeadAttention({ numHeads: 2, keyDim: 3, biasInitializer: wrong(0) }), 'multiHeadAttention', 'UNKNOWN_NAME', { name: 0 }],
  ['grouped heads that do not divide', () => groupedQueryAttention({ headDim: 2, numQueryHeads: 5, numKeyValueHeads: 2 }), 'groupedQueryAttention', 'ARGUMENT', { numQueryHeads: 5, numKeyValueHeads: 2 }],
  ['fewer query heads than key heads', () => groupedQueryAttention({ headDim: 2, numQueryHeads: 2, numKeyValueHeads: 4 }), 'groupedQueryAttention', 'ARGUMENT', { numQueryHeads: 2 }],
  ['grouped heads with options of the other', () => groupedQueryAttention(wrong({ headDim: 2, numQueryHeads: 2, numKeyValueHeads: 2, valueDim: 3 })), 'groupedQueryAttention', 'UNKNOWN_NAME', {}],
  ['widths of heads missing', () => multi.init(wrong({ query: 3 }), { backend }), 'multiHeadAttention', 'ARGUMENT', { value: undefined }, /query: 8, value: 8/],
  ['widths of heads absent', () => multi.init(wrong(undefined), { backend }), 'multiHeadAttention', 'ARGUMENT', { widths: undefined }],
  ['a key width of 0', () => multi.init({ query: 3, value: 4, key: 0 }, { backend }), 'multiHeadAttention', 'ARGUMENT', { key: 0 }],

  // Heads: calls
  ['a projection that the layer has not', () => multi(wrong({ ...multiParams, gates: multiParams.query }), [q, k]), 'multiHeadAttention', 'UNKNOWN_NAME', { params: ['query', 'key', 'value', 'attentionOutput', 'gates'] }],
  ['a gate where none belongs', () => multi({ ...multiParams, gate: multiParams.query }, [q, k]), 'multiHeadAttention', 'ARGUMENT', {}, /leave gate out/],
  ['attentionAxes with a hole', () => multiHeadAttention({ numHeads: 2, keyDim: 3, attentionAxes: withHole }), 'multiHeadAttention', 'ARGUMENT', {}, /attentionAxes: 2/],
  ['outputShape with a hole', () => multiHeadAttention({ numHeads: 2, keyDim: 3, outputShape: withHole }), 'multiHeadAttention', 'ARGUMENT', {}, /outputShape: 64/],
  ['an initializer that gives a list', () => generalScore({ kernelInitializer: wrong(() => Array(12).fill(1)) }).init({ query: 3, keys: 4 }, { backend }), 'generalScore', 'ARGUMENT', { shape: [3, 4] }, /Float32Array\(12\)/],
  ['an initializer of heads that gives too few', () => multiHeadAttention({ numHeads: 2, keyDim: 3, biasInitializer: () => new Float32Array(2) }).init({ query: 3, value: 4 }, { backend }), 'multiHeadAttention', 'ARGUMENT', { shape: [2, 3] }],
  ['heads on a tensor', () => multi(multiParams, wrong(q)), 'multiHeadAttention', 'ARGUMENT', {}, /\[query, value\]/],
  ['heads on one input', () => multi(multiParams, wrong([q])), 'multiHeadAttention', 'ARGUMENT', {}],
  ['a query of heads of rank 2', () => multi(multiParams, [f(3, 3), k]), 'multiHeadAttention', 'RANK', { query: [3, 3] }, /expandDims/],
  ['heads on inputs of two ranks', () => multi(multiParams, [q4, k]), 'multiHeadAttention', 'RANK', { query: [2, 5, 3, 3], value: [2, 6, 4] }],
  ['grouped heads of rank 4', () => grouped(groupedParams, [q4, k4]), 'groupedQueryAttention', 'RANK', { query: [2, 5, 3, 3] }, /reshape/],
  ['heads on int32', () => multi(multiParams, [q, wrong(ints(2, 6, 4))]), 'multiHeadAttention', 'DTYPE', { value: 'int32' }],
  ['heads on lists', () => multi(multiParams, wrong([[[1]], k])), 'multiHeadAttention', 'NOT_A_TENSOR', {}],
  ['batches of heads', () => multi(multiParams, [q, f(3, 6, 4)]), 'multiHeadAttention', 'SHAPE', { value: [3, 6, 4] }, /batch/],
  ['a key of another length', () => multi(multiParams, [q, k, f(2, 5, 4)]), 'multiHeadAttention', 'SHAPE', { value: [2, 6, 4], key: [2, 5, 4] }, /order/],
  ['heads over nothing', () => multi(multiParams, [q, f(2, 0, 4)]), 'multiHeadAttention', 'EMPTY', { value: [2, 0, 4] }],
  ['heads without features', () => multi(multiParams, [f(2, 3, 0), k]), 'multiHeadAttention', 'EMPTY', { query: [2, 3, 0] }],
  ['axes that are not there', () => wide(multiParams, [q, k]), 'multiHeadAttention', 'ARGUMENT', { attentionAxes: [2] }, /axis 1 alone/],
  ['an axis twice', () => multiHeadAttention({ numHeads: 2, keyDim: 3, attentionAxes: [2, -2] })(multiParams, [q4, k4]), 'multiHeadAttention', 'ARGUMENT', { attentionAxes: [2, -2] }, /from 1 to 2/],
  ['unequal axes that are not attended', () => wide(multiParams, [q4, f(2, 4, 6, 4)]), 'multiHeadAttention', 'SHAPE', { attended: [2] }],
  ['causal over two axes', () => wider(multiParams, [q4, k4], { useCausalMask: true }), 'multiHeadAttention', 'ARGUMENT', { queries: [5, 3] }, /attentionMask/],
  ['params of heads missing', () => multi(wrong(undefined), [q, k]), 'multiHeadAttention', 'ARGUMENT', { params: undefined }, /query, key, value, attentionOutput/],
  ['a projection missing', () => multi(wrong({ ...multiParams, key: undefined }), [q, k]), 'multiHeadAttention', 'ARGUMENT', { 'params.key': undefined }, /kernel, bias/],
  ['a bias of heads missing', () => multi({ ...multiParams, value: { kernel: multiParams.value.kernel } }, [q, k]), 'multiHeadAttention', 'NOT_A_TENSOR', { 'params.value.bias': undefined }],
  ['a gate nobody asked for', () => multi({ ...multiParams, gate: multiParams.query }, [q, k]), 'multiHeadAttention', 'ARGUMENT', {}, /leave gate out/],
  ['a kernel for other inputs', () => multi(multiParams, [q, f(2, 6, 5)]), 'multiHeadAttention', 'SHAPE', { kernel: [4, 2, 3], expected: [5, 2, 3] }],
  ['kernels with heads swapped', () => grouped({ ...groupedParams, key: groupedParams.query }, [q, f(2, 6, 3)]), 'groupedQueryAttention', 'SHAPE', { kernel: [3, 4, 3], expected: [3, 2, 3] }],
  ['an attentionMask of floats', () => multi(multiParams, [q, k], { attentionMask: wrong(f(2, 3, 6)) }), 'multiHeadAttention', 'DTYPE', { attentionMask: 'float32' }, /cast/],
  ['an attentionMask as lists', () => multi(multiParams, [q, k], { attentionMask: wrong([[true]]) }), 'multiHeadAttention', 'NOT_A_TENSOR', {}],
  ['an attentionMask of rank 1', () => multi(multiParams, [q, k], { attentionMask: b(6) }), 'multiHeadAttention', 'SHAPE', { attentionMask: [6], scores: [2, 2, 3, 6] }],
  ['an attentionMask of rank 5', () => multi(multiParams, [q, k], { attentionMask: b(1, 2, 2, 3, 6) }), 'multiHeadAttention', 'SHAPE', { attentionMask: [1, 2, 2, 3, 6] }],
  ['an attentionMask of another length', () => multi(multiParams, [q, k], { attentionMask: b(2, 3, 5) }), 'multiHeadAttention', 'SHAPE', { attentionMask: [2, 3, 5] }, /valueMask/],
  ['an attentionMask for other heads', () => grouped(groupedParams, [q, k], { attentionMask: b(2, 2, 3, 6) }), 'groupedQueryAttention', 'SHAPE', { scores: [2, 4, 3, 6] }],
  ['a queryMask of the wrong length', () => multi(multiParams, [q, k], { queryMask: b(2, 6) }), 'multiHeadAttention', 'SHAPE', { queryMask: [2, 6], expected: [2, 3] }],
  ['a valueMask of floats', () => multi(multiParams, [q, k], { valueMask: wrong(f(2, 6)) }), 'multiHeadAttention', 'DTYPE', { valueMask: 'float32' }],
  ['a keyMask of rank 3', () => multi(multiParams, [q, k], { keyMask: b(2, 1, 6) }), 'multiHeadAttention', 'SHAPE', { keyMask: [2, 1, 6] }],
  ['returnAttentionScores not a boolean', () => multi(multiParams, [q, k], { returnAttentionScores: wrong('yes') }), 'multiHeadAttention', 'ARGUMENT', { returnAttentionScores: 'yes' }],
  ['useCausalMask not a boolean', () => multi(multiParams, [q, k], { useCausalMask: wrong(0) }), 'multiHeadAttention', 'ARGUMENT', { useCausalMask: 0 }],
  ['a call option of the other layers', () => multi(multiParams, [q, k], wrong({ mask: [null, null] })), 'multiHeadAttention', 'UNKNOWN_NAME', {}],
  ['a misspelt call option of heads', () => multi(multiParams, [q, k], wrong({ attention_mask: null })), 'multiHeadAttention', 'UNKNOWN_NAME', {}, /did you mean 'attentionMask'/],
  ['a call that is no object', () => multi(multiParams, [q, k], wrong(true)), 'multiHeadAttention', 'ARGUMENT', { options: true }],

  // Windows
  ['a radius of 0', () => localAttention(general, generalParams, q, k, k, { radius: 0 }), 'localAttention', 'ARGUMENT', { radius: 0 }, /radius: 2/],
  ['a radius NaN', () => localAttention(general, generalParams, q, k, k, { radius: NaN }), 'localAttention', 'ARGUMENT', { radius: NaN }],
  ['no radius', () => localAttention(general, generalParams, q, k, k, wrong({})), 'localAttention', 'ARGUMENT', { radius: undefined }],
  ['no options of local attention', () => localAttention(general, generalParams, q, k, k, wrong(undefined)), 'localAttention', 'ARGUMENT', { options: undefined }],
  ['a misspelt option of local attention', () => localAttention(general, generalParams, q, k, k, wrong({ radius: 2, center: q })), 'localAttention', 'UNKNOWN_NAME', {}, /did you mean 'centres'/],
  ['local attention without a score', () => localAttention(wrong<typeof general>('general'), generalParams, q, k, k, { radius: 2 }), 'localAttention', 'ARGUMENT', { score: 'general' }],
  ['centres of another length', () => localAttention(general, generalParams, q, k, k, { radius: 2, centres: f(2, 4) }), 'localAttention', 'SHAPE', { centres: [2, 4], expected: [2, 3] }],
  ['centres of rank 3', () => localAttention(general, generalParams, q, k, k, { radius: 2, centres: f(2, 3, 1) }), 'localAttention', 'SHAPE', { centres: [2, 3, 1] }],
  ['centres that are int32', () => localAttention(general, generalParams, q, k, k, { radius: 2, centres: wrong(ints(2, 3)) }), 'localAttention', 'DTYPE', { centres: 'int32' }],
  ['centres that are null', () => localAttention(general, generalParams, q, k, k, { radius: 2, centres: wrong(null) }), 'localAttention', 'NOT_A_TENSOR', {}],
  ['gaussian not a boolean', () => localAttention(general, generalParams, q, k, k, { radius: 2, gaussian: wrong(1) }), 'localAttention', 'ARGUMENT', { gaussian: 1 }],
  ['a local mask of another length', () => localAttention(general, generalParams, q, k, k, { radius: 2, mask: b(2, 1, 5) }), 'localAttention', 'SHAPE', { mask: [2, 1, 5] }],
  ['windowMask of rank 1', () => windowMask(f(3), 6, 2), 'windowMask', 'RANK', { centres: [3] }, /\[B, Tq\]/],
  ['windowMask of no keys', () => windowMask(f(2, 3), 0, 2), 'windowMask', 'ARGUMENT', { keys: 0 }],
  ['windowMask of half a key', () => windowMask(f(2, 3), 6, 0.5), 'windowMask', 'ARGUMENT', { radius: 0.5 }],
  ['gaussianWindow of rank 3', () => gaussianWindow(f(2, 3, 1), 6, 2), 'gaussianWindow', 'RANK', { centres: [2, 3, 1] }],
  ['gaussianWindow of radius 0', () => gaussianWindow(f(2, 3), 6, 0), 'gaussianWindow', 'ARGUMENT', { radius: 0 }],
  ['monotonicCentres of nothing', () => monotonicCentres(0, { backend }), 'monotonicCentres', 'ARGUMENT', { queries: 0 }],
  ['monotonicCentres from −1', () => monotonicCentres(3, { backend, first: -1 }), 'monotonicCentres', 'ARGUMENT', { first: -1 }],
  ['a misspelt option of monotonicCentres', () => monotonicCentres(3, wrong({ fist: 1 })), 'monotonicCentres', 'UNKNOWN_NAME', {}, /did you mean 'first'/],
  ['predictiveCentres without units', () => predictiveCentres(wrong({})), 'predictiveCentres', 'ARGUMENT', { units: undefined }],
  ['a misspelt option of predictiveCentres', () => predictiveCentres(wrong({ unit: 3 })), 'predictiveCentres', 'UNKNOWN_NAME', {}, /did you mean 'units'/],
  ['a width of predictiveCentres', () => centresOf.init({ query: 0 }, { backend }), 'predictiveCentres', 'ARGUMENT', { query: 0 }],
  ['predictiveCentres of another width', () => centresOf(where, f(2, 3, 4), 6), 'predictiveCentres', 'SHAPE', { kernel: [3, 5], expected: [4, 5] }],
  ['predictiveCentres of rank 2', () => centresOf(where, f(3, 3), 6), 'predictiveCentres', 'RANK', { query: [3, 3] }],
  ['a length of 0', () => centresOf(where, q, 0), 'predictiveCentres', 'ARGUMENT', { length: 0 }, /number of keys/],
  ['a length NaN', () => centresOf(where, q, NaN), 'predictiveCentres', 'ARGUMENT', { length: NaN }],
  ['lengths of another batch', () => centresOf(where, q, f(3)), 'predictiveCentres', 'SHAPE', { length: [3], batch: 2 }],
  ['lengths that are int32', () => centresOf(where, q, wrong(ints(2))), 'predictiveCentres', 'DTYPE', { length: 'int32' }],
  ['slidingWindowMask of window 0', () => slidingWindowMask(3, 4, 0, { backend }), 'slidingWindowMask', 'ARGUMENT', { window: 0 }],
  ['slidingWindowMask of no keys', () => slidingWindowMask(3, 0, 1, { backend }), 'slidingWindowMask', 'ARGUMENT', { keys: 0 }],
  ['a slidingWindow of 1.5', () => attention(additive, additiveParams, q, k, k, { slidingWindow: 1.5 }), 'attention', 'ARGUMENT', { slidingWindow: 1.5 }],
];

describe('is refused', () => {
  for (const [what, run, op, code, facts, hint] of rows) {
    it(what, () => {
      let error: unknown;
      try {
        run();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(RecurraError);
      const found = error as RecurraError;
      expect({ op: found.op, code: found.code }).toEqual({ op, code });
      expect(found.facts).toMatchObject(facts);
      if (hint) expect(found.hint).toMatch(hint);
    });
  }
});

it('leaves no buffer behind when it refuses in the middle', () => {
  const f2 = f(3);
  const before = backend.live();
  const late: readonly (() => unknown)[] = [
    // After the scores and the causal mask are made.
    () => attention(additive, additiveParams, q, k, q, { causal: true }),
    () => attention(additive, additiveParams, q, k, k, { mask: maskOf([2, 1, 5]), causal: true }),
    // After projections, masks and scores are made.
    () => multi(multiParams, [q, k], { useCausalMask: true, valueMask: maskOf([2, 5]) }),
    () => grouped({ ...groupedParams, attentionOutput: groupedParams.query }, [q, k], { useCausalMask: true }),
    () =>
      multiHeadAttention({
        numHeads: 2,
        keyDim: 3,
        kernelInitializer: ([n]) => new Float32Array(n === 4 ? 9 : 18),
      }).init({ query: 3, value: 4 }, { backend }),
    () => localAttention(general, generalParams, q, k, q, { radius: 2 }),
    () => localAttention(general, generalParams, q, k, k, { radius: 2, mask: maskOf([2, 1, 5]) }),
    () => centresOf(where, q, f2),
    () => additiveScore({ units: 2, vInitializer: () => new Float32Array(9) }).init({ query: 3, keys: 3 }, { backend }),
  ];
  const mine: Tensor[] = [];
  function maskOf(shape: Shape): Tensor<'bool'> {
    const mask = full(shape, 1, { dtype: 'bool', backend });
    mine.push(mask);
    return mask;
  }
  for (const run of late) expect(run).toThrow(RecurraError);
  for (const mask of mine) mask.dispose();
  expect(backend.live()).toBe(before);
});

it('refuses tensors of two backends', () => {
  const elsewhere = roundingBackend(32);
  const keys = tensor(new Float32Array(24), [2, 6, 2], { backend: elsewhere });
  expect(() => dotScore()({}, f(2, 3, 2), keys)).toThrow(RecurraError);
});
