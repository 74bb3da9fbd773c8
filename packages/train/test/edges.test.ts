/** Losses at their edges: what is forbidden, hidden or weighs nothing, and steps that are none. */
import { referenceBackend } from '@recurra/conformance-tests';
import { full, grad, mul, sum, tensor, useBackend, valueAndGrad } from '@recurra/core';
import {
  adam,
  adamW,
  binaryAccuracy,
  binaryCrossentropy,
  categoricalAccuracy,
  categoricalCrossentropy,
  clipByGlobalNorm,
  clipByNorm,
  constantRate,
  globalNorm,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  perplexity,
  piecewiseConstantDecay,
  sgd,
  sparseCategoricalCrossentropy,
  type Floats,
  type SparseCategoricalCrossentropyOptions,
} from '@recurra/train';
import { describe, expect, it } from 'vitest';
import { expectClose, numbersOf } from './numbers.js';

await useBackend(referenceBackend());

describe('sparse categorical crossentropy', () => {
  const at = async (
    classes: readonly number[],
    rows: readonly (readonly number[])[],
    options: SparseCategoricalCrossentropyOptions,
  ): Promise<readonly [value: number, gradient: number[]]> => {
    const yTrue = tensor(Int32Array.from(classes));
    const loss = (z: Floats): Floats => sum(sparseCategoricalCrossentropy(yTrue, z, options));
    const [value, gradient] = valueAndGrad(loss)(tensor(rows) as Floats);
    return [(await numbersOf(value))[0]!, await numbersOf(gradient)];
  };

  it('of logits with −∞, which forbids a class, is that of the others', async () => {
    const options = { fromLogits: true, reduction: 'sum' } as const;
    const [value, gradient] = await at([0, 1], [[1, -Infinity, 2], [0.5, 1, -Infinity]], options); // prettier-ignore
    const [two, gradientOfTwo] = await at([0, 1], [[1, 2], [0.5, 1]], options); // prettier-ignore
    expect(Number.isFinite(two)).toBe(true);
    expectClose([value], [two], 1e-12);
    const [a, b, c, d] = gradientOfTwo as [number, number, number, number];
    expectClose(gradient, [a, 0, b, c, d, 0], 1e-12);
    expect((await at([1], [[1, -Infinity]], options))[0]).toBe(Infinity);
  });

  it('does not look at what ignoreClass hides, be it NaN', async () => {
    for (const fromLogits of [true, false]) {
      const rows = [[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]; // prettier-ignore
      const options = { fromLogits, ignoreClass: -1 };
      const [value, gradient] = await at([-1, 1], rows, options);
      const found = await at([-1, 1], [[NaN, Infinity, -Infinity], rows[1]!], options);
      expect(found).toEqual([value, gradient]);
      expect(gradient.slice(0, 3)).toEqual([0, 0, 0]);
      expect(gradient.slice(3).every((g) => Math.abs(g) > 0.05)).toBe(true);
    }
    const yTrue = tensor(Int32Array.of(-1, 1));
    const z = tensor([[NaN, 0, 0], [0, 0, 0]]) as Floats; // prettier-ignore
    expectClose(await numbersOf(perplexity(yTrue, z, { fromLogits: true, ignoreClass: -1 })), [3], 1e-12);
  });

  it('is no number for a class that there is not, unless it is hidden', async () => {
    const rows = [[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]; // prettier-ignore
    const yPred = tensor(rows) as Floats;
    for (const strange of [3, -1]) {
      const yTrue = tensor(Int32Array.of(1, strange));
      for (const options of [{}, { ignoreClass: 0 }]) {
        const each = sparseCategoricalCrossentropy(yTrue, yPred, { ...options, reduction: 'none' });
        expect((await numbersOf(each)).map(Number.isNaN)).toEqual([false, true]);
        expect(await numbersOf(perplexity(yTrue, yPred, options))).toEqual([NaN]);
      }
      const mask = tensor(Uint8Array.of(1, 0), [2], { dtype: 'bool' });
      const hidden = sparseCategoricalCrossentropy(yTrue, yPred, { mask, reduction: 'sum' });
      const alone = sparseCategoricalCrossentropy(tensor(Int32Array.of(1)), tensor([rows[0]!]) as Floats);
      expectClose(await numbersOf(hidden), await numbersOf(alone), 1e-12);
    }
  });
});

describe('the learning rate of a step', () => {
  it('is asked for by a number from 0, also where it is always the same', () => {
    for (const rate of [
      sgd({ learningRate: 0.5 }).learningRate,
      adam({ learningRate: () => 0.5 }).learningRate,
      constantRate(0.5),
    ]) {
      expect([0, 7].map(rate)).toEqual([0.5, 0.5]);
      for (const step of [-1, NaN, Infinity, '1', null, undefined]) {
        expect(() => rate(step as never)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
      }
    }
  });
});

describe('an update', () => {
  const shared = (): { a: Floats; b: Floats[] } => {
    const w = tensor([1, -2]) as Floats;
    return { a: w, b: [w] };
  };

  it('has the learning rate it is given, in place of the optimizer’s', async () => {
    const w = tensor([1, -2]) as Floats;
    const optimizer = sgd({ learningRate: () => 0.5 });
    const [next] = optimizer.update(w, optimizer.init(w), w, { learningRate: 0.25 });
    expect(await numbersOf(next)).toEqual([0.75, -1.5]);
    const [own] = optimizer.update(w, optimizer.init(w), w);
    expect(await numbersOf(own)).toEqual([0.5, -1]);
  });

  it('counts a gradient once in the norm of all, where one tensor stands at two places', async () => {
    const params = shared();
    const g = tensor([3, 4]) as Floats;
    const optimizer = sgd({ learningRate: 1, globalClipnorm: 2.5 });
    const [next] = optimizer.update({ a: g, b: [g] }, optimizer.init(params), params);
    expectClose(await numbersOf(next.a), [1 - 1.5, -2 - 2], 1e-12);
    expectClose(await numbersOf(globalNorm({ a: g, b: [g] })), [5], 1e-12);
    // It decays by where it stands first.
    const decaying = sgd({ learningRate: 0.5, weightDecay: 0.5, excludeFromWeightDecay: ['b'] });
    const none = mul(g, 0);
    const [decayed] = decaying.update({ a: none, b: [none] }, decaying.init(params), params);
    expect(await numbersOf(decayed.a)).toEqual([0.75, -1.5]);
    expectClose(await numbersOf(clipByGlobalNorm({ a: g, b: [g] }, 2.5).a), [1.5, 2], 1e-12);
  });

  it('of a gradient that is not finite shows in every weight when clipped by the norm of all, in its own tensor by its own', async () => {
    const params = { a: tensor([1, 2]) as Floats, b: tensor([3]) as Floats };
    for (const strange of [NaN, Infinity]) {
      const grads = { a: tensor([strange, 1]) as Floats, b: tensor([0]) as Floats };
      const all = sgd({ globalClipnorm: 1 });
      const [byAll] = all.update(grads, all.init(params), params);
      expect([...(await numbersOf(byAll.a)), ...(await numbersOf(byAll.b))]).toEqual([NaN, NaN, NaN]);
      const each = sgd({ clipnorm: 1 });
      const [byEach] = each.update(grads, each.init(params), params);
      expect((await numbersOf(byEach.a))[0]).toBeNaN();
      expect(await numbersOf(byEach.b)).toEqual([3]);
    }
  });

  it('of zeros changes nothing, however it is clipped', async () => {
    const params = { ofZeros: tensor([1, 2]) as Floats };
    const grads = { ofZeros: tensor([0, 0]) as Floats };
    for (const clip of [{ globalClipnorm: 1 }, { clipnorm: 1 }, { clipvalue: 1 }]) {
      const optimizer = sgd(clip);
      const [next] = optimizer.update(grads, optimizer.init(params), params);
      expect(await numbersOf(next.ofZeros)).toEqual([1, 2]);
    }
    // The norm itself has no slope at 0; the clipped one is x again.
    const slope = grad((x: Floats) => sum(mul(clipByNorm(x, 2), tensor([3, 5]) as Floats)))(grads.ofZeros);
    expectClose(await numbersOf(slope), [3, 5], 1e-12);
  });

  it('refuses the state of another optimizer, of other parameters, and none', () => {
    const params = { a: tensor([1, 2]) as Floats };
    const optimizer = adam();
    const state = optimizer.init(params);
    const { momentum } = state.slots;
    const others: readonly (readonly [unknown, string])[] = [
      [undefined, 'STATE'],
      [{ step: 0 }, 'STATE'],
      [{ ...state, step: -1 }, 'STATE'],
      [{ ...state, step: 0.5 }, 'STATE'],
      [sgd({ momentum: 0.5 }).init(params), 'STATE'],
      [adam({ amsgrad: true }).init(params), 'STATE'],
      [{ ...state, slots: { momentum, velocity: null } }, 'NOT_A_TREE'],
      [adam().init({ a: tensor([1]) as Floats }), 'SHAPE'],
      [{ ...state, slots: { momentum, velocity: { a: tensor(Int32Array.of(1, 2)) } } }, 'DTYPE'],
    ];
    for (const [other, code] of others) {
      const refused = expect.objectContaining({ code, op: 'adam' });
      expect(() => optimizer.update(params, other as typeof state, params)).toThrow(refused);
    }
    for (const [grads, code] of [
      [{}, 'NOT_A_TREE'],
      [{ a: tensor([1]) }, 'SHAPE'],
      [{ a: tensor(Int32Array.of(1, 2)) }, 'DTYPE'],
    ] as const) {
      // prettier-ignore
      const refused = expect.objectContaining({ code, op: 'adam' });
      expect(() => optimizer.update(grads as unknown as typeof params, state, params)).toThrow(refused);
    }
  });
});

describe('shapes', () => {
  const [b3, b31] = [[3], [3, 1]];
  const ones = (shape: readonly number[]): Floats => full(shape, 1) as Floats;

  it('[B] beside [B, 1] is one number a sample, whichever has the axis', () => {
    for (const [t, p] of [
      [b3, b31],
      [b31, b3],
      [b31, b31],
    ] as const) {
      // prettier-ignore
      expect(meanSquaredError(ones(t), ones(p), { reduction: 'none' }).shape).toEqual([3]);
    }
    // Without an axis too many or too few there is one sample, of three numbers.
    expect(meanSquaredError(ones(b3), ones(b3), { reduction: 'none' }).shape).toEqual([]);
  });

  it('weights of [B], [B, 1] and 1 are the same, others are refused', async () => {
    const [t, p] = [tensor([[0], [0], [0]]), tensor([[1], [2], [3]])] as [Floats, Floats]; // prettier-ignore
    const weighted = (sampleWeight: Floats): Floats => meanSquaredError(t, p, { sampleWeight, reduction: 'sum' });
    expect(await numbersOf(weighted(tensor([1, 0, 2]) as Floats))).toEqual([1 + 18]);
    expect(await numbersOf(weighted(tensor([[1], [0], [2]]) as Floats))).toEqual([1 + 18]);
    expect(await numbersOf(weighted(tensor([2]) as Floats))).toEqual([2 * 14]);
    for (const shape of [[2], [3, 2], [1, 3], [3, 1, 1], []]) {
      const refused = expect.objectContaining({ code: 'SHAPE', op: 'meanSquaredError' });
      expect(() => weighted(ones(shape))).toThrow(refused);
    }
  });

  it('that would broadcast, silently, are refused', () => {
    const losses = [meanSquaredError, meanAbsoluteError, huber, binaryCrossentropy, categoricalCrossentropy];
    for (const f of [...losses, binaryAccuracy, categoricalAccuracy]) {
      for (const [t, p] of [
        [
          [1, 3],
          [2, 3],
        ],
        [
          [2, 3],
          [2, 1],
        ],
        [[3], [2, 3]],
        [[2, 3], [3]],
      ]) {
        // prettier-ignore
        expect(() => f(ones(t!), ones(p!))).toThrow(expect.objectContaining({ code: 'SHAPE' }));
      }
    }
  });

  it('of nothing have the mean 0', async () => {
    expect(await numbersOf(meanSquaredError(ones([0, 2]), ones([0, 2])))).toEqual([0]);
  });
});

it('what is not above the threshold counts as 0', async () => {
  const [t, p] = [tensor([[0, 0, 1, 0]]), tensor([[0.5, 0.5, 0.500001, 0.4]])] as [Floats, Floats];
  expect(await numbersOf(binaryAccuracy(t, p))).toEqual([1]);
});

it('boundaries that stand still and a decay that is taken away are refused', () => {
  const argument = expect.objectContaining({ code: 'ARGUMENT' });
  expect(() => piecewiseConstantDecay({ boundaries: [3, 3], values: [1, 2, 3] })).toThrow(argument);
  expect(() => adamW({ weightDecay: null as never })).toThrow(argument);
  expect(adamW({ weightDecay: 0 }).name).toBe('adamW');
});
