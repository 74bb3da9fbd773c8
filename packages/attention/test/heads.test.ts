/** multiHeadAttention and groupedQueryAttention against the real Keras: random configurations, both code paths. */
import { cpu } from '@recurra/backend-cpu';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import { glorotUniform, isTensor, scope, setRandomSeed, tensor, valueAndGrad, sum, mul } from '@recurra/core';
import type { Backend, Tensor } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  groupedQueryAttention,
  kerasAdditiveAttention,
  kerasAttention,
  multiHeadAttention,
  type GroupedQueryAttentionOptions,
  type HeadsLayer,
  type HeadsParams,
  type KerasAttentionInputs,
  type KerasAttentionOptions,
  type MultiHeadAttentionOptions,
} from '../src/index.js';
import goldens from './goldens.json' with { type: 'json' };
import { draw, expectClose, numbersOf } from './numbers.js';
import { roundingBackend } from './rounding-backend.js';

type Floats = Tensor<'float32'>;
interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Config = Readonly<Record<string, unknown>>;
interface Golden {
  readonly id: string;
  readonly layer: 'MultiHeadAttention' | 'GroupQueryAttention';
  readonly dtype: 'float16' | 'float32' | 'float64';
  readonly config: Config;
  readonly causal: boolean;
  readonly return_scores: boolean;
  readonly training: boolean;
  readonly calls: number;
  readonly weights: Readonly<Record<string, Numbers>>;
  readonly query: Numbers;
  readonly value: Numbers;
  readonly key: Numbers | null;
  readonly attention_mask: Numbers | null;
  readonly query_mask: Numbers | null;
  readonly value_mask: Numbers | null;
  readonly key_mask: Numbers | null;
  readonly outputs: Numbers;
  readonly scores: Numbers | null;
}
const goldenHeads = goldens.heads as unknown as readonly Golden[];
const cases = goldenHeads.filter(({ dtype }) => dtype !== 'float16');

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const options = (config: Config): never =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [camel(name), optionOf(value)])) as never;
/** An initializer with a seed is an object in Keras's configurations. */
const optionOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'class_name' in value
    ? glorotUniform({ seed: (value as unknown as { config: { seed: number } }).config.seed })
    : value;

function layerOf(layer: string, config: Config): HeadsLayer {
  return layer === 'MultiHeadAttention'
    ? multiHeadAttention(options(config) as MultiHeadAttentionOptions)
    : groupedQueryAttention(options(config) as GroupedQueryAttentionOptions);
}

/** 'query/kernel' to { query: { kernel } }. */
function nested(weights: Readonly<Record<string, Floats>>): HeadsParams {
  const params: Record<string, Record<string, Floats>> = {};
  for (const [path, weight] of Object.entries(weights)) {
    const [projection, name] = path.split('/') as [string, string];
    (params[camel(projection)] ??= {})[name] = weight;
  }
  return params as unknown as HeadsParams;
}

function run(golden: Golden, backend: Backend): { outputs: Floats; scores: Floats | null } {
  return scope(() => {
    const floats = ({ shape, data }: Numbers): Floats => tensor(Float64Array.from(data), shape, { backend });
    const bools = (mask: Numbers | null): Tensor<'bool'> | null =>
      mask && tensor(Uint8Array.from(mask.data), mask.shape, { dtype: 'bool', backend });
    const { query, value, key, weights } = golden;
    const params = nested(Object.fromEntries(Object.entries(weights).map(([path, w]) => [path, floats(w)])));
    const inputs: KerasAttentionInputs = key
      ? [floats(query), floats(value), floats(key)]
      : [floats(query), floats(value)];
    return layerOf(golden.layer, golden.config)(params, inputs, {
      attentionMask: bools(golden.attention_mask),
      queryMask: bools(golden.query_mask),
      valueMask: bools(golden.value_mask),
      keyMask: bools(golden.key_mask),
      useCausalMask: golden.causal,
      returnAttentionScores: golden.return_scores,
      training: golden.training,
      dropoutCounter: golden.calls,
    });
  });
}

const backends: readonly [string, () => Backend][] = [
  ['the reference', referenceBackend as () => Backend],
  ['cpu', () => cpu() as Backend],
  ['cpu without its fused kernels', () => withoutFused(cpu() as Backend)],
];

describe('the cases made by Keras', () => {
  it('have everything', () => {
    const count = (test: (golden: Golden) => unknown): number => cases.filter(test).length;
    const fused = ({ config, return_scores, query }: Golden): boolean =>
      !config['dropout'] && !return_scores && query.shape.length === 3;
    const dead = ({ attention_mask: mask }: Golden): boolean => {
      const width = mask?.shape.at(-1) ?? 0;
      return mask !== null && mask.data.slice(0, width).every((v) => v === 0);
    };
    expect(count(fused)).toBeGreaterThan(30);
    expect(count((c) => fused(c) && dead(c))).toBeGreaterThan(5);
    expect(count((c) => !fused(c) && dead(c))).toBeGreaterThan(5);
    expect(count((c) => c.training)).toBeGreaterThan(10);
    expect(count((c) => c.training && c.calls > 0)).toBeGreaterThan(5);
    expect(count((c) => c.config['use_gate'])).toBeGreaterThan(20);
    expect(count((c) => c.config['attention_axes'])).toBeGreaterThan(15);
    expect(count((c) => c.config['sliding_window'])).toBeGreaterThan(15);
    expect(count((c) => c.query_mask)).toBeGreaterThan(10);
    expect(count((c) => c.layer === 'GroupQueryAttention')).toBeGreaterThan(30);
    expect(count((c) => c.dtype === 'float64')).toBe(40);
  });

  describe.each(backends)('on %s', (_, make) => {
    it.each(cases.map((golden) => [golden.id, golden] as const))('%s', async (_id, golden) => {
      const backend = make();
      const { outputs, scores } = run(golden, backend);
      const precision = golden.dtype === 'float64' && backend.precision === 64 ? 64 : 32;
      expect(outputs.shape).toEqual(golden.outputs.shape);
      expectClose(await numbersOf(outputs), golden.outputs.data, precision);
      if (golden.scores === null) expect(scores).toBeNull();
      else {
        expect(scores!.shape).toEqual(golden.scores.shape);
        expectClose(await numbersOf(scores!), golden.scores.data, precision);
      }
      outputs.dispose();
      scores?.dispose();
      expect(backend.live!()).toBe(0);
    });
  });
});

describe('in half precision', () => {
  const half = goldenHeads.filter(({ dtype }) => dtype === 'float16');
  it.each(half.map((golden) => [golden.id, golden] as const))('%s', async (_id, golden) => {
    const { outputs, scores } = run(golden, roundingBackend(16));
    expectClose(await numbersOf(outputs), golden.outputs.data, 16);
    if (golden.scores !== null) expectClose(await numbersOf(scores!), golden.scores.data, 16);
  });
});

describe('dropout of Attention and AdditiveAttention', () => {
  interface Dropped {
    readonly id: string;
    readonly layer: string;
    readonly config: Config;
    readonly causal: boolean;
    readonly calls: number;
    readonly weights: Readonly<Record<string, Numbers>>;
    readonly query: Numbers;
    readonly value: Numbers;
    readonly key: Numbers;
    readonly value_mask: readonly (readonly number[])[] | null;
    readonly outputs: Numbers;
    readonly scores: Numbers;
  }
  const dropped = goldens.dropout as unknown as readonly Dropped[];

  it.each(dropped.map((golden) => [golden.id, golden] as const))('%s', async (_, golden) => {
    const backend = cpu() as Backend;
    const floats = ({ shape, data }: Numbers): Floats => tensor(Float32Array.from(data), shape, { backend });
    const params = Object.fromEntries(Object.entries(golden.weights).map(([name, w]) => [camel(name), floats(w)]));
    const inputs = [floats(golden.query), floats(golden.value), floats(golden.key)] as const;
    const rows = golden.value_mask;
    const mask = rows && tensor(rows.flat(), [rows.length, rows[0]!.length], { dtype: 'bool', backend });
    const layer =
      golden.layer === 'Attention'
        ? kerasAttention(options(golden.config) as KerasAttentionOptions)
        : kerasAdditiveAttention(options(golden.config));
    const call = { mask: [null, mask], useCausalMask: golden.causal, dropoutCounter: golden.calls } as const;
    const made = layer(params, inputs, { ...call, training: true });
    expectClose(await numbersOf(made.outputs), golden.outputs.data, 32);
    expectClose(await numbersOf(made.scores), golden.scores.data, 32);

    // Nothing is dropped in inference, whatever the counter.
    const { dropout: _dropout, ...plain } = golden.config;
    const without =
      golden.layer === 'Attention' ? kerasAttention(options(plain)) : kerasAdditiveAttention(options(plain));
    const still = layer(params, inputs, call);
    expect(await numbersOf(still.scores)).toEqual(
      await numbersOf(without(params, inputs, { ...call, training: true }).scores),
    );
  });
});

describe('layers made after setRandomSeed(42)', () => {
  interface Made {
    readonly layer: string;
    readonly config: Config;
    readonly widths: readonly number[];
    readonly seed: number | null;
    readonly weights: Readonly<Record<string, Numbers>>;
  }
  const made = goldens.made as unknown as readonly Made[];

  /** Leaves by path, 'attentionOutput/bias'. */
  const paths = (tree: object, at = ''): [string, Floats][] =>
    Object.entries(tree).flatMap(([name, x]: [string, unknown]): [string, Floats][] =>
      isTensor(x) ? [[at + name, x as Floats]] : paths(x as object, `${at}${name}/`),
    );

  it("start with Keras's weights to the bit, in its order, and drop with its seeds", async () => {
    const backend = cpu() as Backend;
    setRandomSeed(42);
    const layers: { golden: Made; layer: never; params: object }[] = [];
    for (const golden of made) {
      const [query, value, key = value] = golden.widths as [number, number, number?];
      const heads = golden.layer === 'MultiHeadAttention' || golden.layer === 'GroupQueryAttention';
      const layer = heads
        ? layerOf(golden.layer, golden.config)
        : golden.layer === 'Attention'
          ? kerasAttention(options(golden.config))
          : kerasAdditiveAttention(options(golden.config));
      const params = layer.init({ query, value, ...(key !== undefined && { key }) } as never, { backend }) as object;
      layers.push({ golden, layer: layer as never, params });
    }
    for (const { golden, params } of layers) {
      const found = paths(params);
      expect(found.map(([path]) => path)).toEqual(Object.keys(golden.weights).map(camelPath));
      for (const [i, weight] of Object.values(golden.weights).entries()) {
        expect(found[i]![1].shape).toEqual(weight.shape);
        expect(await numbersOf(found[i]![1])).toEqual(weight.data.map(Math.fround));
      }
    }

    // The seed itself is not to be seen, but its masks are.
    const { floats } = draw(backend, 3);
    type Trained = (params: object, inputs: readonly Floats[], call: object) => { outputs: Floats };
    for (const { golden, layer, params } of layers.filter(({ golden: { seed } }) => seed !== null)) {
      const inputs = [2, 3, 3].map((n, i) => floats([2, n, golden.widths[i] ?? golden.widths[1]!]));
      const told = { ...golden.config, seed: golden.seed };
      const again = (golden.layer === 'Attention'
        ? kerasAttention(options(told))
        : golden.layer === 'AdditiveAttention'
          ? kerasAdditiveAttention(options(told))
          : layerOf(golden.layer, told)) as unknown as Trained;
      const call = { training: true, dropoutCounter: 1 };
      const first = await numbersOf((layer as Trained)(params, inputs, call).outputs);
      expect(first).toEqual(await numbersOf(again(params, inputs, call).outputs));
      expect(first).not.toEqual(await numbersOf(again(params, inputs, { training: true }).outputs));
      expect(first).not.toEqual(await numbersOf(again(params, inputs, {}).outputs));
    }
  });

  const camelPath = (path: string): string => path.split('/').map(camel).join('/');
});

describe('what both layers share', () => {
  const backend = cpu() as Backend;

  it('is one thing: grouped with a key head for each query head is multi-head', async () => {
    const { floats } = draw(backend, 4);
    const [query, value] = [floats([2, 3, 5]), floats([2, 4, 6])];
    const multi = multiHeadAttention({ numHeads: 3, keyDim: 2 });
    const grouped = groupedQueryAttention({ headDim: 2, numQueryHeads: 3, numKeyValueHeads: 3 });
    const params = multi.init({ query: 5, value: 6 }, { backend });
    const call = { useCausalMask: true };
    expect(await numbersOf(multi(params, [query, value], call).outputs)).toEqual(
      await numbersOf(grouped(params, [query, value], call).outputs),
    );
  });

  it('keeps no list of its caller', async () => {
    const { floats } = draw(backend, 9);
    const x = floats([1, 2, 3, 4]);
    const [attentionAxes, outputShape] = [[2], [2, 3]];
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 2, attentionAxes, outputShape });
    const params = layer.init({ query: 4, value: 4 }, { backend });
    const before = await numbersOf(layer(params, [x, x]).outputs);
    [attentionAxes[0], outputShape[0]] = [1, 7];
    expect(await numbersOf(layer(params, [x, x]).outputs)).toEqual(before);
    expect(layer.init({ query: 4, value: 4 }, { backend }).attentionOutput.kernel.shape).toEqual([2, 2, 2, 3]);
  });

  it('is the mean of the values, or the bias alone, for a query that sees nothing', async () => {
    const { floats } = draw(backend, 5);
    const [query, value] = [floats([1, 2, 3]), floats([1, 4, 3])];
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 2 });
    const params = { ...layer.init({ query: 3, value: 3 }, { backend }) };
    const out = { ...params.attentionOutput, bias: floats([3]) };
    const sees = tensor([[false, true]], undefined, { dtype: 'bool', backend });
    const trained = { ...params, attentionOutput: out };
    const fused = layer(trained, [query, value], { queryMask: sees });
    const explicit = layer(trained, [query, value], { queryMask: sees, returnAttentionScores: true });
    const [f, e] = [await numbersOf(fused.outputs), await numbersOf(explicit.outputs)];
    expect(e.slice(0, 3)).toEqual(await numbersOf(out.bias));
    expect(f.slice(0, 3)).not.toEqual(e.slice(0, 3));
    expectClose(f.slice(3), e.slice(3), 32);
    expect((await numbersOf(explicit.scores)).filter((_, i) => Math.floor(i / 4) % 2 === 0)).toEqual(Array(8).fill(0));
    // All queries see nothing: any one of them gets the mean, so that they are equal.
    const blind = tensor([[false, false]], undefined, { dtype: 'bool', backend });
    const all = await numbersOf(layer(trained, [query, value], { queryMask: blind }).outputs);
    expectClose(all.slice(0, 3), all.slice(3), 32);
  });

  it('passes gradients to every parameter and input, through both paths and the dropout', async () => {
    const reference = referenceBackend() as Backend;
    const { floats } = draw(reference, 6);
    for (const dropout of [0, 0.4]) {
      const layer = groupedQueryAttention({
        headDim: 2,
        numQueryHeads: 4,
        numKeyValueHeads: 2,
        useGate: true,
        dropout,
        seed: 9,
      });
      const params = layer.init({ query: 3, value: 3 }, { backend: reference });
      const [query, value, weight] = [floats([1, 3, 3]), floats([1, 4, 3]), floats([1, 3, 3])];
      const loss = ({ p, q, v }: { p: HeadsParams; q: Floats; v: Floats }): Floats =>
        sum(mul(layer(p, [q, v], { useCausalMask: true, training: true }).outputs, weight));
      const at = { p: params, q: query, v: value };
      const [, grads] = valueAndGrad(loss)(at);
      const [leaves, slopes] = [paths2(at), paths2(grads)];
      expect(slopes.map(([path]) => path)).toEqual(leaves.map(([path]) => path));
      for (const [i, [path, leaf]] of leaves.entries()) {
        const values = await numbersOf(leaf);
        const analytic = await numbersOf(slopes[i]![1]);
        const h = 1e-5;
        for (const [n, v] of values.entries()) {
          const side = async (d: number): Promise<number> => {
            const moved = tensor(
              Float64Array.from(values, (x, j) => (j === n ? v + d : x)),
              leaf.shape,
              {
                backend: reference,
              },
            );
            return (await numbersOf(loss(put(at, path.split('/'), moved) as typeof at)))[0]!;
          };
          const numeric = ((await side(h)) - (await side(-h))) / (2 * h);
          expect(Math.abs(numeric - analytic[n]!), `${path}[${n}]`).toBeLessThan(1e-8 * (1 + Math.abs(numeric)));
        }
      }
    }
  });

  const paths2 = (tree: object, at = ''): [string, Floats][] =>
    Object.entries(tree).flatMap(([name, x]: [string, unknown]): [string, Floats][] =>
      isTensor(x) ? [[at + name, x as Floats]] : paths2(x as object, `${at}${name}/`),
    );
  const put = (tree: unknown, [name, ...rest]: string[], leaf: Floats): unknown =>
    name === undefined
      ? leaf
      : { ...(tree as object), [name]: put((tree as Record<string, unknown>)[name], rest, leaf) };
});
