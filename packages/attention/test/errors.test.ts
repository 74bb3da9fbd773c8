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
  generalScore,
  kerasAdditiveAttention,
  kerasAttention,
  paddingMask,
  scaledDotScore,
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
  ['a misspelt option', () => kerasAttention(wrong({ use_scale: true })), 'kerasAttention', 'UNKNOWN_NAME', { options: ['useScale', 'scoreMode'] }, /did you mean 'useScale'/],
  ['an option we do not have', () => kerasAttention(wrong({ dropout: 0.5 })), 'kerasAttention', 'UNKNOWN_NAME', {}, /one of useScale, scoreMode/],
  ['dropout of the additive one', () => kerasAdditiveAttention(wrong({ dropout: 0.5 })), 'kerasAdditiveAttention', 'UNKNOWN_NAME', {}],
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
  ['a misspelt call option', () => kerasAttention()({}, [q, f(2, 6, 3)], wrong({ use_causal_mask: true })), 'kerasAttention', 'UNKNOWN_NAME', {}, /did you mean 'useCausalMask'/],
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
  const before = backend.live();
  const late: readonly (() => unknown)[] = [
    // After the scores and the causal mask are made.
    () => attention(additive, additiveParams, q, k, q, { causal: true }),
    () => attention(additive, additiveParams, q, k, k, { mask: maskOf([2, 1, 5]), causal: true }),
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
