/** attend: what masks do, at every precision, to numbers and to gradients. */
import { mul, scope, sum, tensor, valueAndGrad } from '@recurra/core';
import type { Shape, Tensor } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  additiveScore,
  attend,
  attention,
  causalMask,
  combineMasks,
  dotScore,
  generalScore,
  paddingMask,
  scaledDotScore,
} from '../src/index.js';
import { draw, expectClose, numbersOf } from './numbers.js';
import { roundingBackend } from './rounding-backend.js';

const precisions = [16, 32, 64] as const;
type Floats = Tensor<'float32'>;

/** The rows of a tensor as lists. */
async function rowsOf(x: Tensor): Promise<number[][]> {
  const numbers = await numbersOf(x);
  const width = x.shape.at(-1)!;
  return Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));
}

/** Softmax over the valid scores alone, 0 elsewhere; uniform where there is none. */
function weightsByHand(scores: readonly number[], valid: readonly boolean[]): number[] {
  if (!valid.includes(true)) return scores.map(() => 1 / scores.length);
  const max = Math.max(...scores.filter((_, j) => valid[j]));
  const exps = scores.map((e, j) => (valid[j] ? Math.exp(e - max) : 0));
  const total = exps.reduce((s, e) => s + e, 0);
  return exps.map((e) => e / total);
}

describe.each(precisions)('at %i bits', (precision) => {
  it('weighs the valid alone and mixes their values, for masks of every form', async () => {
    const backend = roundingBackend(precision);
    for (let seed = 1; seed <= 25; seed++) {
      const { floats, bools, int } = draw(backend, seed);
      const [B, Tq, Tk, Dv] = [int(1, 3), int(1, 4), int(1, 5), int(1, 3)];
      const forms: Shape[] = [
        [B, Tq, Tk],
        [B, 1, Tk],
        [Tq, Tk],
        [1, Tk],
        [B, Tq, 1],
        [1, Tq, Tk],
      ];
      const mask = bools(forms[seed % forms.length]!, 0.6);
      const [scores, values] = [floats([B, Tq, Tk], 3), floats([B, Tk, Dv])];
      const before = backend.live();
      const { context, weights } = attend(scores, values, mask);
      expect(context.shape).toEqual([B, Tq, Dv]);

      const bits = await numbersOf(mask);
      const lengths = [1, 1, 1, ...mask.shape].slice(-3) as [number, number, number];
      const at = (b: number, i: number, j: number): boolean => {
        const [p, q, r] = [b, i, j].map((x, axis) => (lengths[axis] === 1 ? 0 : x)) as [number, number, number];
        return bits[(p * lengths[1] + q) * lengths[2] + r] === 1;
      };
      const v = await rowsOf(values);
      const expected = (await rowsOf(scores)).map((row, n) =>
        weightsByHand(
          row,
          row.map((_, j) => at(Math.floor(n / Tq), n % Tq, j)),
        ),
      );
      expectClose(await numbersOf(weights), expected.flat(), precision);
      expectClose(
        await numbersOf(context),
        expected.flatMap((a, n) =>
          Array.from({ length: Dv }, (_, d) => a.reduce((s, w, j) => s + w * v[Math.floor(n / Tq) * Tk + j]![d]!, 0)),
        ),
        precision,
      );
      const hidden = (await rowsOf(weights)).map((row, n) => row.filter((_, j) => expected[n]![j] === 0));
      expect(hidden.flat().every((w) => w === 0)).toBe(true);
      context.dispose();
      weights.dispose();
      expect(backend.live()).toBe(before);
    }
  });

  it('gives a row with nothing valid uniform weights, whatever its scores', async () => {
    const backend = roundingBackend(precision);
    const scores = tensor(
      [
        [
          [7, -60000, 3, 40000],
          [NaN, Infinity, -Infinity, 1],
          [1, 2, 3, 4],
        ],
      ],
      [1, 3, 4],
      { backend },
    );
    const values = draw(backend, 3).floats([1, 4, 2]);
    const nothing = [false, false, false, false];
    const mask = tensor([[nothing, nothing, [false, true, false, false]]], [1, 3, 4], { backend });
    const { context, weights } = attend(scores, values, mask);
    expect(await rowsOf(weights)).toEqual([
      [0.25, 0.25, 0.25, 0.25],
      [0.25, 0.25, 0.25, 0.25],
      [0, 1, 0, 0],
    ]);
    const v = await rowsOf(values);
    const mean = v[0]!.map((_, d) => v.reduce((s, row) => s + row[d]! / 4, 0));
    expectClose(await numbersOf(context), [...mean, ...mean, ...v[1]!], precision);
  });

  it('passes finite gradients through it: none to hidden scores, uniform ones to the values', async () => {
    const backend = roundingBackend(precision);
    const { floats } = draw(backend, 4);
    const scores = tensor(
      [
        [
          [9, -5, NaN],
          [2, NaN, 1],
        ],
      ],
      [1, 2, 3],
      { backend },
    );
    const mask = tensor(
      [
        [
          [false, false, false],
          [true, false, true],
        ],
      ],
      [1, 2, 3],
      { backend },
    );
    const [values, weightOf] = [floats([1, 3, 2]), floats([1, 2, 2])];
    const before = backend.live();
    const [value, grads] = valueAndGrad((p: { scores: Floats; values: Floats }) =>
      sum(mul(attend(p.scores, p.values, mask).context, weightOf)),
    )({
      scores,
      values,
    });
    expect((await numbersOf(value)).every(Number.isFinite)).toBe(true);
    const [dead, alive] = (await rowsOf(grads.scores)) as [number[], number[]];
    expect(dead.map(Math.abs)).toEqual([0, 0, 0]);
    expect(Math.abs(alive[1]!)).toBe(0);
    expect(alive[0]).not.toBe(0);
    // The weights of a row sum to one, so what one score gains the other loses.
    expectClose([alive[0]! + alive[2]!], [0], precision);

    const g = await rowsOf(weightOf);
    const a = weightsByHand([2, 0, 1], [true, false, true]);
    const dv = a.flatMap((w) => [0, 1].map((d) => g[0]![d]! / 3 + w * g[1]![d]!));
    expectClose(await numbersOf(grads.values), dv, precision);
    for (const x of [value, grads.scores, grads.values]) x.dispose();
    expect(backend.live()).toBe(before);
  });
});

describe('gradients', () => {
  it('agree with finite differences through score, masks and a dead row, for every parameter and input', async () => {
    const backend = roundingBackend(64);
    const { floats } = draw(backend, 8);
    const score = additiveScore({ units: 3, useBias: true, biasInitializer: 'glorotUniform' });
    const tree = {
      params: score.init({ query: 2, keys: 4 }, { backend }),
      query: floats([2, 3, 2]),
      keys: floats([2, 3, 4]),
      values: floats([2, 3, 2]),
    };
    const weightOf = floats([2, 3, 2]);
    const valid = tensor(
      [
        [true, true, false],
        [false, true, true],
      ],
      [2, 3],
      { backend },
    );
    const mask = paddingMask(valid);
    // Causal and left padding: the first query of the second sequence sees nothing.
    const loss = (t: typeof tree): Floats =>
      sum(mul(attention(score, t.params, t.query, t.keys, t.values, { mask, causal: true }).context, weightOf));
    const [, grads] = valueAndGrad(loss)(tree);

    const h = 1e-5;
    const flat = { ...tree.params, query: tree.query, keys: tree.keys, values: tree.values } as Record<string, Floats>;
    const flatGrads = { ...grads.params, query: grads.query, keys: grads.keys, values: grads.values } as Record<
      string,
      Floats
    >;
    for (const [name, x] of Object.entries(flat)) {
      const numbers = await numbersOf(x);
      const analytic = await numbersOf(flatGrads[name]!);
      expect(analytic.every(Number.isFinite)).toBe(true);
      expect(analytic.some((g) => Math.abs(g) > 1e-3)).toBe(true);
      for (let i = 0; i < numbers.length; i++) {
        const at = async (delta: number): Promise<number> => {
          const moved = tensor(
            Float64Array.from(numbers, (v, k) => (k === i ? v + delta : v)),
            x.shape,
            { backend },
          );
          const changed =
            name in tree.params ? { ...tree, params: { ...tree.params, [name]: moved } } : { ...tree, [name]: moved };
          return (await numbersOf(loss(changed)))[0]!;
        };
        const numeric = ((await at(h)) - (await at(-h))) / (2 * h);
        expect(Math.abs(numeric - analytic[i]!), `${name}[${i}]`).toBeLessThan(1e-8);
      }
    }
  });

  it('frees everything a step made', () => {
    const backend = roundingBackend(32);
    const { floats } = draw(backend, 9);
    const score = generalScore();
    const params = score.init({ query: 3, keys: 4 }, { backend });
    const [query, keys] = [floats([2, 3, 3]), floats([2, 5, 4])];
    const before = backend.live();
    const [loss, grads] = valueAndGrad((p: typeof params) =>
      sum(attention(score, p, query, keys, keys, { causal: true }).context),
    )(params);
    loss.dispose();
    grads.kernel.dispose();
    expect(backend.live()).toBe(before);
  });
});

describe('masks', () => {
  const backend = roundingBackend(64);

  it('padding: what a padded sequence gives is what the short one gives, whatever is in the padding', async () => {
    const { floats } = draw(backend, 12);
    const score = additiveScore({ units: 4 });
    const params = score.init({ query: 3, keys: 2 }, { backend });
    const [query, keys, junk] = [floats([1, 2, 3]), floats([1, 3, 2]), floats([1, 2, 2], 1e30)];
    const padded = tensor([...(await numbersOf(keys)), ...(await numbersOf(junk))], [1, 5, 2], { backend });
    const valid = tensor([[true, true, true, false, false]], [1, 5], { backend });
    const short = attention(score, params, query, keys);
    const long = attention(score, params, query, padded, padded, { mask: paddingMask(valid) });
    expectClose(await numbersOf(long.context), await numbersOf(short.context), 64);
    const wanted = (await rowsOf(short.weights)).flatMap((row) => [...row, 0, 0]);
    expectClose(await numbersOf(long.weights), wanted, 64);
  });

  it('causal: true at and below the diagonal, aligned at the first positions', async () => {
    expect(await rowsOf(causalMask(2, 4, { backend }))).toEqual([
      [1, 0, 0, 0],
      [1, 1, 0, 0],
    ]);
    expect(await rowsOf(causalMask(4, 2, { backend }))).toEqual([
      [1, 0],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(causalMask(3, 3, { backend }).dtype).toBe('bool');
  });

  it('causal: a later key changes nothing for an earlier query', async () => {
    const { floats } = draw(backend, 13);
    const x = floats([2, 5, 3]);
    const numbers = await numbersOf(x);
    // Position 3 of both sequences.
    const changed = tensor(
      numbers.map((v, i) => (Math.floor(i / 3) % 5 === 3 ? v + 1 : v)),
      [2, 5, 3],
      { backend },
    );
    const run = async (keys: Floats): Promise<number[][]> =>
      rowsOf(attention(scaledDotScore(), {}, x, keys, keys, { causal: true }).context);
    const [before, after] = [await run(x), await run(changed)];
    before.forEach((row, n) => (n % 5 < 3 ? expect(after[n]).toEqual(row) : expect(after[n]).not.toEqual(row)));
  });

  it('combined: all must agree, of nothing it is null, of one it is a tensor of its own', async () => {
    const valid = tensor(
      [
        [true, false, true],
        [false, true, true],
      ],
      [2, 3],
      { backend },
    );
    const both = combineMasks(paddingMask(valid), null, causalMask(2, 3, { backend }), undefined)!;
    expect(both.shape).toEqual([2, 2, 3]);
    expect(await rowsOf(both)).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [0, 1, 0],
    ]);
    expect(combineMasks()).toBe(null);
    expect(combineMasks(null, undefined)).toBe(null);
    const alone = combineMasks(valid)!;
    alone.dispose();
    expect(await numbersOf(valid)).toEqual([1, 0, 1, 0, 1, 1]);
  });

  it('leave nothing behind', () => {
    const before = backend.live();
    scope(() => {
      const valid = tensor([[true, false, true]], [1, 3], { backend });
      combineMasks(paddingMask(valid), causalMask(3, 3, { backend }), valid);
      return null;
    });
    expect(backend.live()).toBe(before);
  });
});

describe('attention', () => {
  const backend = roundingBackend(64);

  it('is attend of score; values default to keys; the mask and causal both hold', async () => {
    const { floats, bools } = draw(backend, 14);
    const [query, keys, values, mask] = [
      floats([2, 3, 2]),
      floats([2, 4, 2]),
      floats([2, 4, 3]),
      bools([2, 3, 4], 0.7),
    ];
    const score = dotScore();
    const pair = async ({ context, weights }: { context: Floats; weights: Floats }): Promise<number[][]> => [
      await numbersOf(context),
      await numbersOf(weights),
    ];
    const e = score({}, query, keys);
    expect(await pair(attention(score, {}, query, keys))).toEqual(await pair(attend(e, keys)));
    expect(await pair(attention(score, {}, query, keys, values, { mask }))).toEqual(
      await pair(attend(e, values, mask)),
    );
    const both = combineMasks(mask, causalMask(3, 4, { backend }));
    expect(await pair(attention(score, {}, query, keys, values, { mask, causal: true }))).toEqual(
      await pair(attend(e, values, both)),
    );
  });

  it('takes any function of params, query and keys as a score', async () => {
    const { floats } = draw(backend, 15);
    const [query, keys] = [floats([1, 2, 3]), floats([1, 4, 3])];
    const general = generalScore();
    const params = general.init({ query: 3, keys: 3 }, { backend });
    const twice = (p: typeof params, q: Floats, k: Floats): Floats => mul(general(p, q, k), 2);
    const e = mul(general(params, query, keys), 2);
    expect(await numbersOf(attention(twice, params, query, keys).weights)).toEqual(
      await numbersOf(attend(e, keys).weights),
    );
  });
});
