/** kerasAttention and kerasAdditiveAttention against the real Keras: every case of goldens.json, at its own precision. */
import { scope, tensor } from '@recurra/core';
import type { Backend, Shape, Tensor } from '@recurra/core';
import { setRandomSeed } from '@recurra/core/random';
import { describe, expect, it } from 'vitest';
import { kerasAdditiveAttention, kerasAttention } from '../src/index.js';
import type { KerasAttended, KerasAttentionInputs, KerasAttentionLayer } from '../src/index.js';
import goldens from './goldens.json' with { type: 'json' };
import { draw, expectClose, numbersOf } from './numbers.js';
import { roundingBackend, type Precision } from './rounding-backend.js';

interface Array_ {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Mask_ = readonly (readonly number[])[] | null;
interface Golden {
  readonly id: string;
  readonly layer: 'Attention' | 'AdditiveAttention';
  readonly dtype: 'float16' | 'float32' | 'float64';
  readonly config: { readonly use_scale?: boolean; readonly score_mode?: 'dot' | 'concat' };
  readonly causal: boolean;
  readonly weights: { readonly scale?: Array_; readonly concat_score_weight?: Array_ };
  readonly query: Array_;
  readonly value: Array_;
  readonly key: Array_ | null;
  readonly query_mask: Mask_;
  readonly value_mask: Mask_;
  readonly outputs: Array_;
  readonly scores: Array_;
}
const cases = goldens.cases as unknown as readonly Golden[];

type Params = { readonly scale?: Tensor<'float32'>; readonly concatScoreWeight?: Tensor<'float32'> };

function layerOf({ layer, config }: Golden): KerasAttentionLayer<Params> {
  const scale = config.use_scale === undefined ? {} : { useScale: config.use_scale };
  const mode = config.score_mode === undefined ? {} : { scoreMode: config.score_mode };
  return layer === 'Attention' ? kerasAttention({ ...scale, ...mode }) : kerasAdditiveAttention(scale);
}

function run(golden: Golden, backend: Backend): KerasAttended {
  return scope(() => {
    const floats = ({ shape, data }: Array_): Tensor<'float32'> => tensor(data, shape, { backend });
    const bools = (mask: Mask_): Tensor<'bool'> | null =>
      mask && tensor(mask.flat(), [mask.length, mask[0]!.length], { dtype: 'bool', backend });
    const { scale, concat_score_weight: weight } = golden.weights;
    const params = { ...(scale && { scale: floats(scale) }), ...(weight && { concatScoreWeight: floats(weight) }) };
    const two = [floats(golden.query), floats(golden.value)] as const;
    const inputs: KerasAttentionInputs = golden.key ? [...two, floats(golden.key)] : two;
    const mask = [bools(golden.query_mask), bools(golden.value_mask)] as const;
    return layerOf(golden)(params, inputs, { mask, useCausalMask: golden.causal });
  });
}

describe('the cases made by Keras', () => {
  const precisions = { float16: 16, float32: 32, float64: 64 } as const;

  it('are all here', () => {
    expect(goldens.meta.keras).toBe('3.15.1');
    const count = (test: (golden: Golden) => boolean): number => cases.filter(test).length;
    expect(count((c) => c.id.startsWith('grid/'))).toBe(120);
    expect(count((c) => c.dtype === 'float64')).toBe(24);
    expect(count((c) => c.dtype === 'float16')).toBe(16);
    expect(count((c) => c.value_mask?.some((row) => row.every((v) => v === 0)) ?? false)).toBeGreaterThan(30);
  });

  it.each(cases.map((golden) => [golden.id, golden] as const))('%s', async (_, golden) => {
    const precision: Precision = precisions[golden.dtype];
    const backend = roundingBackend(precision);
    const { outputs, scores } = run(golden, backend);
    expect(outputs.shape).toEqual(golden.outputs.shape);
    expect(scores.shape).toEqual(golden.scores.shape);
    expectClose(await numbersOf(outputs), golden.outputs.data, precision);
    expectClose(await numbersOf(scores), golden.scores.data, precision);
    outputs.dispose();
    scores.dispose();
    expect(backend.live()).toBe(0);
  });
});

describe('a row with nothing valid', () => {
  const weights = async (precision: Precision, masked: boolean): Promise<number[]> => {
    const backend = roundingBackend(precision);
    const { floats } = draw(backend, 11);
    const [query, value] = [floats([1, 2, 3]), floats([1, 4, 3])];
    const hidesAll = tensor([[false, false, false, false]], [1, 4], { backend });
    const { scores } = kerasAttention()({}, [query, value], masked ? { mask: [null, hidesAll] } : {});
    return numbersOf(scores);
  };

  it.each([16, 32] as const)('is uniform at %i bits: M swallows the scores', async (precision) => {
    expect(await weights(precision, true)).toEqual(Array(8).fill(0.25));
    expect(await weights(precision, false)).not.toEqual(Array(8).fill(0.25));
  });

  it('is the softmax without a mask at 64 bits, but for what M rounds away', async () => {
    const [masked, unmasked] = [await weights(64, true), await weights(64, false)];
    // Scores near 10⁹ have steps of 2⁻²³.
    masked.forEach((w, i) => expect(Math.abs(w - unmasked[i]!)).toBeLessThan(2e-7));
    expect(masked).not.toEqual(Array(8).fill(0.25));
  });
});

describe('init', () => {
  const backend = roundingBackend(32);

  it('makes the weights the options ask for, scalars as ones', async () => {
    const shapes = (params: Params): Record<string, Shape> =>
      Object.fromEntries(Object.entries(params).map(([name, x]) => [name, x.shape]));
    const init = { query: 5 };
    expect(shapes(kerasAttention().init(init, { backend }))).toEqual({});
    expect(shapes(kerasAttention({ useScale: true }).init(init, { backend }))).toEqual({ scale: [] });
    const both = kerasAttention({ useScale: true, scoreMode: 'concat' }).init(init, { backend });
    expect(shapes(both)).toEqual({ scale: [], concatScoreWeight: [] });
    expect(await numbersOf(both.scale!)).toEqual([1]);
    expect(await numbersOf(both.concatScoreWeight!)).toEqual([1]);
    expect(shapes(kerasAdditiveAttention({ useScale: false }).init(init, { backend }))).toEqual({});
    expect(shapes(kerasAdditiveAttention().init(init, { backend }))).toEqual({ scale: [5] });
  });

  it('draws the numbers Keras draws after the same seed, layer after layer', async () => {
    setRandomSeed(goldens.init.seed);
    for (const { shape, data } of goldens.init.scales) {
      const { scale } = kerasAdditiveAttention().init({ query: shape[0]! }, { backend });
      expect(await numbersOf(scale!)).toEqual(data.map(Math.fround));
    }
  });

  it('draws the additive scale from glorotUniform over one axis: within ±√(6 / 2D), and fills it', async () => {
    const D = 500;
    const { scale } = kerasAdditiveAttention().init({ query: D }, { backend });
    const numbers = await numbersOf(scale!);
    const limit = Math.sqrt(6 / (2 * D));
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    expect(Math.max(...numbers)).toBeGreaterThan(0.95 * limit);
    expect(Math.min(...numbers)).toBeLessThan(-0.95 * limit);
    expect(new Set(numbers).size).toBeGreaterThan(D - 5);
  });
});
