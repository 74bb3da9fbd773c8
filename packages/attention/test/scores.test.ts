/** Every score against loops in float64 that are written from its equation, index by index. */
import { leaves } from '@recurra/core';
import type { Shape, Tensor, Tree } from '@recurra/core';
import { glorotUniform } from '@recurra/core/random';
import { describe, expect, it } from 'vitest';
import {
  additiveScore,
  attention,
  concatScore,
  dotScore,
  generalScore,
  scaledDotScore,
  type Score,
} from '../src/index.js';
import { draw, expectClose, numbersOf } from './numbers.js';
import { roundingBackend } from './rounding-backend.js';

type Vector = readonly number[];
type Matrix = readonly Vector[];
/** e(q, k) of one query and one key. */
type Equation = (q: Vector, k: Vector, params: Readonly<Record<string, Matrix>>) => number;

const dot = (a: Vector, b: Vector): number => a.reduce((total, x, i) => total + x * b[i]!, 0);
const column = (m: Matrix, j: number): Vector => m.map((row) => row[j]!);
const rows = (numbers: readonly number[], width: number): Matrix =>
  Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));

interface Subject {
  readonly score: Score<Tree>;
  readonly widths: { readonly query: number; readonly keys: number };
  readonly equation: Equation;
}
// Each score has its own type of parameters; the tests only hand back what init gave.
const subject = <P extends Tree>(score: Score<P>, query: number, keys: number, equation: Equation): Subject => ({
  score: score as unknown as Score<Tree>,
  widths: { query, keys },
  equation,
});

const additive: Equation = (q, k, { queryKernel: W, keyKernel: U, v, bias }) =>
  dot(
    v![0]!,
    v![0]!.map((_, a) => Math.tanh(dot(column(W!, a), q) + dot(column(U!, a), k) + (bias ? bias[0]![a]! : 0))),
  );
const subjects: Readonly<Record<string, Subject>> = {
  additive: subject(additiveScore({ units: 5 }), 3, 4, additive),
  'additive with a bias': subject(
    additiveScore({ units: 3, useBias: true, biasInitializer: 'glorotUniform' }),
    5,
    2,
    additive,
  ),
  'additive of one unit': subject(additiveScore({ units: 1 }), 1, 2, additive),
  dot: subject(dotScore(), 5, 5, (q, k) => dot(q, k)),
  general: subject(generalScore(), 3, 5, (q, k, { kernel: W }) =>
    dot(
      q,
      W!.map((row) => dot(row, k)),
    ),
  ),
  concat: subject(concatScore({ units: 7 }), 3, 4, (q, k, { kernel: W, v }) =>
    dot(
      v![0]!,
      v![0]!.map((_, a) => Math.tanh(dot(column(W!, a), [...q, ...k]))),
    ),
  ),
  'scaled dot': subject(scaledDotScore(), 5, 5, (q, k) => dot(q, k) / Math.sqrt(5)),
  // Where a transposed W has the right shape, too.
  'general, square': subject(generalScore(), 4, 4, (q, k, { kernel: W }) =>
    dot(
      q,
      W!.map((row) => dot(row, k)),
    ),
  ),
  'scaled dot with a scale': subject(scaledDotScore({ scale: -0.3 }), 2, 2, (q, k) => -0.3 * dot(q, k)),
};

describe.each(Object.entries(subjects))('%s', (_, { score, widths, equation }) => {
  it.each([64, 32] as const)('is its equation at %i bits', async (precision) => {
    const backend = roundingBackend(precision);
    const { floats } = draw(backend, 5);
    const params = score.init(widths, { backend });
    const [B, Tq, Tk] = [2, 3, 4];
    const [query, keys] = [floats([B, Tq, widths.query]), floats([B, Tk, widths.keys])];
    const before = backend.live();
    const scores = score(params, query, keys);
    expect(scores.shape).toEqual([B, Tq, Tk]);

    const host: Record<string, Matrix> = {};
    for (const [name, x] of Object.entries(params as Record<string, Tensor>))
      host[name] = rows(await numbersOf(x), x.shape.at(-1)!);
    const [qs, ks] = [rows(await numbersOf(query), widths.query), rows(await numbersOf(keys), widths.keys)];
    const expected = qs.flatMap((q, i) => {
      const b = Math.floor(i / Tq);
      return ks.slice(b * Tk, (b + 1) * Tk).map((k) => equation(q, k, host));
    });
    expectClose(await numbersOf(scores), expected, precision);
    expect(new Set(expected).size).toBe(B * Tq * Tk);

    scores.dispose();
    expect(backend.live()).toBe(before);
  });

  it('compares prepared keys to the same bits, query by query', async () => {
    const backend = roundingBackend(32);
    const { floats } = draw(backend, 6);
    const params = score.init(widths, { backend });
    const [query, keys] = [floats([2, 3, widths.query]), floats([2, 4, widths.keys])];
    const whole = await numbersOf(score(params, query, keys));
    const prepared = score.prepare(params, keys);
    expect(prepared.shape.slice(0, 2)).toEqual([2, 4]);
    expect(await numbersOf(score.compare(params, query, prepared))).toEqual(whole);

    prepared.dispose();
    expect(keys.disposed).toBe(false);
    expect(await numbersOf(score(params, query, keys))).toEqual(whole);
  });

  it('leaves nothing behind', () => {
    const backend = roundingBackend(32);
    const { floats } = draw(backend, 7);
    const params = score.init(widths, { backend });
    const [query, keys] = [floats([1, 2, widths.query]), floats([1, 3, widths.keys])];
    expect(backend.live()).toBe(leaves(params).length + 2);
    const prepared = score.prepare(params, keys);
    score.compare(params, query, prepared).dispose();
    prepared.dispose();
    score(params, query, keys).dispose();
    const { context, weights } = attention(score, params, query, keys);
    context.dispose();
    weights.dispose();
    expect(backend.live()).toBe(leaves(params).length + 2);
  });
});

describe('init', () => {
  const backend = roundingBackend(32);

  it('gives each parameter its shape', () => {
    const widths = { query: 3, keys: 4 };
    const shapes = (params: Tree): unknown =>
      Object.fromEntries(Object.entries(params as object).map(([k, x]) => [k, (x as Tensor).shape]));
    expect(shapes(additiveScore({ units: 5 }).init(widths, { backend }))).toEqual({
      queryKernel: [3, 5],
      keyKernel: [4, 5],
      v: [5],
    });
    expect(shapes(additiveScore({ units: 5, useBias: true }).init(widths, { backend }))).toMatchObject({ bias: [5] });
    expect(shapes(generalScore().init(widths, { backend }))).toEqual({ kernel: [3, 4] });
    expect(shapes(concatScore({ units: 5 }).init(widths, { backend }))).toEqual({ kernel: [7, 5], v: [5] });
    expect(shapes(dotScore().init({ query: 3, keys: 3 }, { backend }))).toEqual({});
    expect(shapes(scaledDotScore().init({ query: 3, keys: 3 }, { backend }))).toEqual({});
  });

  it('draws W and U apart, even when their shapes are equal', async () => {
    const { queryKernel, keyKernel } = additiveScore({ units: 4 }).init({ query: 3, keys: 3 }, { backend });
    expect(await numbersOf(queryKernel)).not.toEqual(await numbersOf(keyKernel));
  });

  it('gives each parameter to its own initializer', async () => {
    const filled = (value: number) => (shape: Shape) => new Float32Array(shape.reduce((n, m) => n * m, 1)).fill(value);
    const widths = { query: 2, keys: 3 };
    const four = additiveScore({
      units: 1,
      useBias: true,
      queryInitializer: filled(1),
      keyInitializer: filled(2),
      vInitializer: filled(3),
      biasInitializer: filled(4),
    }).init(widths, { backend });
    expect(await numbersOf(four.queryKernel)).toEqual([1, 1]);
    expect(await numbersOf(four.keyKernel)).toEqual([2, 2, 2]);
    expect(await numbersOf(four.v)).toEqual([3]);
    expect(await numbersOf(four.bias!)).toEqual([4]);
    const concat = concatScore({ units: 1, kernelInitializer: filled(5), vInitializer: filled(6) }).init(widths, {
      backend,
    });
    expect(await numbersOf(concat.kernel)).toEqual([5, 5, 5, 5, 5]);
    expect(await numbersOf(concat.v)).toEqual([6]);
  });

  it('takes seeded initializers', async () => {
    const { kernel } = generalScore({ kernelInitializer: glorotUniform({ seed: 42 }) }).init(
      { query: 3, keys: 4 },
      { backend },
    );
    expect(await numbersOf(kernel)).toEqual(Array.from(glorotUniform({ seed: 42 })([3, 4])));
  });

  it('starts the bias at zero', async () => {
    const { bias } = additiveScore({ units: 4, useBias: true }).init({ query: 3, keys: 3 }, { backend });
    expect(await numbersOf(bias!)).toEqual([0, 0, 0, 0]);
  });
});

it('a scale of 0 is one: every key weighs the same', async () => {
  const backend = roundingBackend(32);
  const { floats } = draw(backend, 8);
  const [query, keys] = [floats([1, 2, 3]), floats([1, 4, 3])];
  const { weights } = attention(scaledDotScore({ scale: 0 }), {}, query, keys);
  expect(await numbersOf(weights)).toEqual(Array(8).fill(0.25));
});

it('has the name of its factory', () => {
  expect(Object.values(subjects).map(({ score }) => score.name)).toEqual([
    'additiveScore',
    'additiveScore',
    'additiveScore',
    'dotScore',
    'generalScore',
    'concatScore',
    'scaledDotScore',
    'generalScore',
    'scaledDotScore',
  ]);
});
