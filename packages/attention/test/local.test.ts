/** Local windows against the paper's equations in float64 loops: every case of local-goldens.json; gradients; edges. */
import { cpu } from '@recurra/backend-cpu';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import { glorotUniform, isTensor, mul, scope, setRandomSeed, sum, tensor, valueAndGrad } from '@recurra/core';
import type { Backend, Tensor } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  additiveScore,
  attention,
  dotScore,
  gaussianWindow,
  generalScore,
  localAttention,
  monotonicCentres,
  paddingMask,
  predictiveCentres,
  slidingWindowMask,
  windowMask,
  type PredictiveCentresParams,
  type Score,
} from '../src/index.js';
import goldens from './local-goldens.json' with { type: 'json' };
import { draw, expectClose, numbersOf } from './numbers.js';

type Floats = Tensor<'float32'>;
interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Golden {
  readonly id: string;
  readonly kind: 'm' | 'p';
  readonly score: 'dot' | 'general' | 'additive';
  readonly radius: number;
  readonly first: number;
  readonly lengths: readonly number[] | null;
  readonly query: Numbers;
  readonly keys: Numbers;
  readonly values: Numbers;
  readonly params: Readonly<Record<string, Numbers>>;
  readonly where: Readonly<Record<string, Numbers>>;
  readonly mask: readonly (readonly number[])[] | null;
  readonly centres: Numbers;
  readonly weights: Numbers;
  readonly context: Numbers;
}
const cases = goldens.cases as unknown as readonly Golden[];

const scores: Readonly<Record<string, () => unknown>> = {
  dot: () => dotScore(),
  general: () => generalScore(),
  additive: () => additiveScore({ units: 3 }),
};
const scoreOf = (name: string): Score => scores[name]!() as Score;

function run(golden: Golden, backend: Backend): { context: Floats; weights: Floats; centres: Floats } {
  return scope(() => {
    const floats = ({ shape, data }: Numbers): Floats => tensor(Float64Array.from(data), shape, { backend });
    const all = (by: Readonly<Record<string, Numbers>>): Record<string, Floats> =>
      Object.fromEntries(Object.entries(by).map(([name, x]) => [name, floats(x)]));
    const [query, keys, values] = [floats(golden.query), floats(golden.keys), floats(golden.values)];
    const [Tq, Tk] = [golden.query.shape[1]!, golden.keys.shape[1]!];
    const { lengths, mask, radius } = golden;
    const centres =
      golden.kind === 'm'
        ? monotonicCentres(Tq, { first: golden.first, backend })
        : predictiveCentres({ units: golden.where['v']!.shape[0]! })(
            all(golden.where) as PredictiveCentresParams,
            query,
            lengths ? floats({ shape: [lengths.length], data: lengths }) : Tk,
          );
    const made = localAttention(scoreOf(golden.score), all(golden.params), query, keys, values, {
      radius,
      // Without centres, those of the first query on.
      ...((golden.kind === 'p' || golden.first > 0) && { centres }),
      ...(golden.kind === 'm' && golden.first > 0 && { gaussian: false }),
      mask: mask && paddingMask(tensor(mask.flat(), [mask.length, Tk], { dtype: 'bool', backend })),
    });
    return { ...made, centres };
  });
}

describe.each<[string, () => Backend]>([
  ['the reference', referenceBackend as () => Backend],
  ['cpu', () => cpu() as Backend],
  ['cpu without its fused kernels', () => withoutFused(cpu() as Backend)],
])('on %s', (_, make) => {
  it.each(cases.map((golden) => [golden.id, golden] as const))('%s', async (_id, golden) => {
    const backend = make();
    const precision = backend.precision as 32 | 64;
    const { context, weights, centres } = run(golden, backend);
    expect(weights.shape).toEqual(golden.weights.shape);
    expectClose(await numbersOf(weights), golden.weights.data, precision);
    expectClose(await numbersOf(context), golden.context.data, precision);
    if (golden.kind === 'p') expectClose(await numbersOf(centres), golden.centres.data, precision);
    for (const x of [context, weights, centres]) x.dispose();
    expect(backend.live!()).toBe(0);
  });
});

it('the cases have everything', () => {
  const count = (test: (golden: Golden) => unknown): number => cases.filter(test).length;
  const rows = (golden: Golden): number[][] => {
    const width = golden.weights.shape[2]!;
    const { data } = golden.weights;
    return Array.from({ length: data.length / width }, (_, i) => data.slice(i * width, (i + 1) * width));
  };
  expect(count(({ kind }) => kind === 'm')).toBe(12);
  expect(count(({ lengths }) => lengths)).toBeGreaterThan(3);
  expect(count(({ mask }) => mask)).toBeGreaterThan(3);
  expect(count(({ first }) => first > 0)).toBeGreaterThan(3);
  // Windows that hide something.
  expect(count((c) => rows(c).some((row) => row.includes(0)))).toBeGreaterThan(8);
});

const reference = referenceBackend() as Backend;

/** '110|011' */
const inRows = (bits: readonly number[], width: number): string =>
  Array.from({ length: bits.length / width }, (_, i) => bits.slice(i * width, (i + 1) * width).join('')).join('|');

describe('the window', () => {
  it('has both its ends: |j − p| ≤ D', async () => {
    const centres = tensor([[2, 2.5, 0, 6]], undefined, { backend: reference });
    const rows = await numbersOf(windowMask(centres, 6, 2));
    expect(inRows(rows, 6)).toBe('111110|011110|111000|000011');
  });

  it('is the sliding window of one less, where centres are monotonic', async () => {
    const local = await numbersOf(windowMask(monotonicCentres(4, { backend: reference }), 6, 2));
    expect(local).toEqual(await numbersOf(slidingWindowMask(4, 6, 3, { backend: reference })));
    const narrow = await numbersOf(slidingWindowMask(3, 4, 1, { backend: reference }));
    expect(inRows(narrow, 4)).toBe('1000|0100|0010');
  });

  it('slides in attention too, with causal and without', async () => {
    const { floats } = draw(reference, 8);
    const [query, keys] = [floats([2, 4, 3]), floats([2, 5, 3])];
    const zeros = async (options: object): Promise<string> => {
      const { weights } = attention(dotScore(), {}, query, keys, keys, options);
      const first = (await numbersOf(weights)).slice(0, 20);
      return inRows(
        first.map((w) => Number(w !== 0)),
        5,
      );
    };
    expect(await zeros({ slidingWindow: 2 })).toBe('11000|11100|01110|00111');
    expect(await zeros({ slidingWindow: 2, causal: true })).toBe('10000|11000|01100|00110');
  });

  it('gives a decoder the same step by step as all at once', async () => {
    const { floats } = draw(reference, 9);
    const [query, keys] = [floats([2, 4, 3]), floats([2, 5, 3])];
    const whole = await numbersOf(localAttention(dotScore(), {}, query, keys, undefined, { radius: 1 }).weights);
    const q = await numbersOf(query);
    for (let t = 0; t < 4; t++) {
      const step = tensor(
        [0, 1].flatMap((b) => q.slice((b * 4 + t) * 3, (b * 4 + t + 1) * 3)),
        [2, 1, 3],
        {
          backend: reference,
        },
      );
      const centres = monotonicCentres(1, { first: t, backend: reference });
      const made = localAttention(dotScore(), {}, step, keys, undefined, { radius: 1, centres, gaussian: false });
      const expected = [0, 1].flatMap((b) => whole.slice((b * 4 + t) * 5, (b * 4 + t + 1) * 5));
      expectClose(await numbersOf(made.weights), expected, 64);
    }
  });

  it('sees no further: keys outside may be anything finite', async () => {
    const { floats } = draw(reference, 10);
    const keys = await numbersOf(floats([1, 6, 2]));
    const query = floats([1, 2, 2]);
    const values = floats([1, 6, 2]);
    const ask = async (k: number[]): Promise<number[]> =>
      numbersOf(
        localAttention(dotScore(), {}, query, tensor(k, [1, 6, 2], { backend: reference }), values, { radius: 1 })
          .context,
      );
    const far = keys.map((x, i) => (i >= 6 ? 1000 : x));
    expect(await ask(far)).toEqual(await ask(keys));
  });
});

describe('the Gaussian', () => {
  it('is exp(−(j − p)² / 2σ²) with σ = D/2, and is not normalised away', async () => {
    const centres = tensor([[1.25]], undefined, { backend: reference });
    const g = await numbersOf(gaussianWindow(centres, 4, 3));
    expectClose(
      g,
      [0, 1, 2, 3].map((j) => Math.exp(-((j - 1.25) ** 2) / (2 * 1.5 ** 2))),
      64,
    );
    const { floats } = draw(reference, 11);
    const { weights } = localAttention(dotScore(), {}, floats([1, 1, 2]), floats([1, 4, 2]), undefined, {
      radius: 3,
      centres,
    });
    const total = (await numbersOf(weights)).reduce((a, b) => a + b, 0);
    expect(total).toBeLessThan(0.999);
  });

  it('carries the gradient to the centres, the score and the inputs', async () => {
    const { floats } = draw(reference, 12);
    const score = generalScore();
    const centresOf = predictiveCentres({ units: 3 });
    const at = {
      score: score.init({ query: 2, keys: 3 }, { backend: reference }),
      where: centresOf.init({ query: 2 }, { backend: reference }),
      query: floats([2, 2, 2]),
      keys: floats([2, 5, 3]),
      values: floats([2, 5, 2]),
    };
    const weight = floats([2, 2, 2]);
    const loss = ({ score: p, where, query, keys, values }: typeof at): Floats => {
      const centres = centresOf(where, query, 5);
      return sum(mul(localAttention(score, p, query, keys, values, { radius: 2, centres }).context, weight));
    };
    const [, grads] = valueAndGrad(loss)(at);
    const paths = (tree: object, to = ''): [string, Floats][] =>
      Object.entries(tree).flatMap(([name, x]: [string, unknown]): [string, Floats][] =>
        isTensor(x) ? [[to + name, x as Floats]] : paths(x as object, `${to}${name}/`),
      );
    const put = (tree: unknown, [name, ...rest]: string[], leaf: Floats): unknown =>
      name === undefined
        ? leaf
        : { ...(tree as object), [name]: put((tree as Record<string, unknown>)[name], rest, leaf) };
    const slopes = new Map(paths(grads));
    let largest = 0;
    for (const [path, leaf] of paths(at)) {
      const values = await numbersOf(leaf);
      const analytic = await numbersOf(slopes.get(path)!);
      for (const [n] of values.entries()) {
        const side = async (d: number): Promise<number> => {
          const moved = tensor(
            Float64Array.from(values, (x, j) => (j === n ? x + d : x)),
            leaf.shape,
            {
              backend: reference,
            },
          );
          return (await numbersOf(loss(put(at, path.split('/'), moved) as typeof at)))[0]!;
        };
        const numeric = ((await side(1e-5)) - (await side(-1e-5))) / 2e-5;
        expect(Math.abs(numeric - analytic[n]!), `${path}[${n}]`).toBeLessThan(1e-8 * (1 + Math.abs(numeric)));
        if (path.startsWith('where/')) largest = Math.max(largest, Math.abs(numeric));
      }
    }
    expect(largest).toBeGreaterThan(1e-3);
  });
});

describe('predictiveCentres', () => {
  it('begins with W and v of their shapes, each from its own initializer', async () => {
    setRandomSeed(3);
    const first = predictiveCentres({ units: 4 }).init({ query: 3 }, { backend: reference });
    expect([first.kernel.shape, first.v.shape]).toEqual([[3, 4], [4]]);
    const seeded = predictiveCentres({
      units: 4,
      kernelInitializer: glorotUniform({ seed: 1 }),
      vInitializer: glorotUniform({ seed: 2 }),
    }).init({ query: 3 }, { backend: reference });
    expect(await numbersOf(seeded.kernel)).toEqual(Array.from(glorotUniform({ seed: 1 })([3, 4])));
    expect(await numbersOf(seeded.v)).toEqual(Array.from(glorotUniform({ seed: 2 })([4])));
  });

  it('stays between 0 and the length', async () => {
    const { floats } = draw(reference, 13);
    const centresOf = predictiveCentres({ units: 2 });
    const params = { kernel: floats([2, 2], 3), v: floats([2], 9) };
    const centres = await numbersOf(centresOf(params, floats([3, 4, 2], 5), 7));
    expect(Math.min(...centres)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...centres)).toBeLessThanOrEqual(7);
    expect(Math.max(...centres) - Math.min(...centres)).toBeGreaterThan(3);
  });
});
