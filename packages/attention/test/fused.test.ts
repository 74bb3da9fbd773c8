/** A backend's fused attention is asked with what each score means by it, and gives what ops give. */
import { setRandomSeed, type AttentionSpec, type Backend, type Operand, type Tensor, type Tree } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  additiveScore,
  attention,
  concatScore,
  dotScore,
  generalScore,
  multiHeadAttention,
  scaledDotScore,
  type Score,
} from '../src/index.js';
import { draw, numbersOf } from './numbers.js';
import { roundingBackend } from './rounding-backend.js';

type Numbers = { readonly values: readonly number[] };
type X = Operand<Numbers>;

/** A backend that attends in one call, by loops over indices, and what it was asked. */
function attending(accepts: boolean): { backend: Backend; asked: AttentionSpec[] } {
  const plain = roundingBackend(64);
  const asked: AttentionSpec[] = [];
  const make = (numbers: readonly number[], shape: readonly number[]): X => ({
    handle: plain.upload(Float64Array.from(numbers), { shape, dtype: 'float32' }),
    shape,
    dtype: 'float32',
  });
  const attend = (
    spec: AttentionSpec,
    [q, k, values, v, mask]: readonly [X, X, X, X | null, X | null],
  ): [context: X, weights: X] => {
    asked.push(spec);
    const { batch, queries, keys, width, values: out } = spec.dims;
    const context: number[] = [];
    const weights: number[] = [];
    const along = (d: number[]): number => d.reduce((sum, x) => sum + x, 0);
    const D = Array.from({ length: width }, (_, d) => d);
    for (let b = 0; b < batch; b++) {
      for (let i = 0; i < queries; i++) {
        const e = Array.from({ length: keys }, (_, j) => {
          if (mask && !mask.handle.values[(b * queries + i) * keys + j]) return -Infinity;
          const at = (d: number): [number, number] => [
            q.handle.values[(b * queries + i) * width + d]!,
            k.handle.values[(b * keys + j) * width + d]!,
          ];
          const terms = D.map((d) => {
            const [x, y] = at(d);
            return spec.score === 'additive' ? v!.handle.values[d]! * Math.tanh(x + y) : x * y;
          });
          return spec.scale * along(terms);
        });
        const none = e.every((x) => x === -Infinity);
        const exp = e.map((x) => (none ? 1 : Math.exp(x)));
        const a = exp.map((x) => x / along(exp));
        weights.push(...a);
        for (let o = 0; o < out; o++)
          context.push(along(a.map((w, j) => w * values.handle.values[(b * keys + j) * out + o]!)));
      }
    }
    return [make(context, [batch, queries, out]), make(weights, [batch, queries, keys])];
  };
  const fused = { attention: { accepts: () => accepts || 'not today', run: attend } };
  return { backend: { ...plain, fused } as unknown as Backend, asked };
}

const close = async (actual: Tensor, expected: Tensor): Promise<void> => {
  const [a, b] = await Promise.all([numbersOf(actual), numbersOf(expected)]);
  expect(a.length).toBe(b.length);
  a.forEach((x, i) => expect(Math.abs(x - b[i]!)).toBeLessThan(1e-12));
};

const B = 2;
const Tq = 3;
const Tk = 4;
const scores: readonly [Score<Tree>, widths: { query: number; keys: number }, AttentionSpec['score'], number][] = [
  [additiveScore({ units: 5, useBias: true }), { query: 6, keys: 7 }, 'additive', 1],
  [concatScore({ units: 5 }), { query: 6, keys: 7 }, 'additive', 1],
  [generalScore(), { query: 6, keys: 7 }, 'scaledDot', 1],
  [dotScore(), { query: 6, keys: 6 }, 'scaledDot', 1],
  [scaledDotScore(), { query: 6, keys: 6 }, 'scaledDot', 1 / Math.sqrt(6)],
  [scaledDotScore({ scale: 0.3 }), { query: 6, keys: 6 }, 'scaledDot', 0.3],
] as never;

describe('fused attention', () => {
  for (const [score, widths, kind, scale] of scores) {
    for (const masked of [false, true]) {
      it(`${score.name} ${scale} ${masked ? 'masked' : 'plain'}`, async () => {
        const both = [attending(true), attending(false)].map(({ backend, asked }) => {
          const { floats, bools } = draw(backend, 11);
          const params = score.init(widths, { backend });
          // Other numbers than a fresh bias of zeros.
          const drawn = Object.fromEntries(
            Object.entries(params as Record<string, Tensor>).map(([name, x]) => [name, floats(x.shape)]),
          );
          const [q, k, v] = [floats([B, Tq, widths.query]), floats([B, Tk, widths.keys]), floats([B, Tk, 3])];
          const mask = masked ? bools([Tq, Tk]) : null;
          return { asked, ...attention(score, drawn, q, k, v, { mask, causal: masked }) };
        });
        const [fused, composed] = both as [(typeof both)[0], (typeof both)[0]];
        await close(fused.context, composed.context);
        await close(fused.weights, composed.weights);
        const dims = { batch: B, queries: Tq, keys: Tk, width: kind === 'additive' ? 5 : 6, values: 3 };
        expect(fused.asked).toEqual([{ score: kind, scale, causal: false, dims }]);
        expect(composed.asked).toEqual([]);
      });
    }
  }

  it('multi-head attention asks for it where nothing is hidden, heads as batches', async () => {
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 4, valueDim: 3 });
    const both = [attending(true), attending(false)].map(({ backend, asked }) => {
      const { floats, bools } = draw(backend, 12);
      setRandomSeed(4);
      const params = layer.init({ query: 5, value: 6 }, { backend });
      const q = floats([B, Tq, 5]);
      const v = floats([B, Tk, 6]);
      const plain = layer(params, [q, v]).outputs;
      const hidden = layer(params, [q, v], { attentionMask: bools([B, Tq, Tk]) }).outputs;
      return { asked, plain, hidden };
    });
    const [fused, composed] = both as [(typeof both)[0], (typeof both)[0]];
    await close(fused.plain, composed.plain);
    await close(fused.hidden, composed.hidden);
    const dims = { batch: 2 * B, queries: Tq, keys: Tk, width: 4, values: 3 };
    expect(fused.asked).toEqual([{ score: 'scaledDot', scale: Math.fround(0.5), causal: false, dims }]);
  });
});
