/** Optimizers, schedules, clipping, losses and metrics give Keras's numbers: goldens.json, made by make-goldens.py. */
import { leaves, mapTree, scope, sub, sum, tensor, valueAndGrad, type Tensor } from '@recurra/core';
import * as train from '@recurra/train';
import type { Floats, Optimizer, OptimizerOptions, Schedule } from '@recurra/train';
import { describe, expect, it } from 'vitest';
import goldens from './goldens.json' with { type: 'json' };
import { backends, bools, expectClose, floats, ints, numbersOf, tolerance, treeOf, type Numbers } from './numbers.js';

type Named<A extends unknown[], R> = Readonly<Record<string, (...args: A) => R>>;
const optimizers = train as unknown as Named<[options: OptimizerOptions], Optimizer>;
const schedules = train as unknown as Named<[options: object], Schedule>;
const functions = train as unknown as Named<[yTrue: Tensor, yPred: Floats, options: object], Floats>;

describe.each(Object.entries(backends))('%s', (_, make) => {
  const backend = make();
  const tol = tolerance[backend.precision];

  it.each(goldens.optimizers.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    '%s',
    async (_title, c) => {
      const scheduled = 'schedule' in c ? { learningRate: schedules[c.schedule!.name]!(c.schedule!.options) } : {};
      const optimizer = optimizers[c.name]!({ ...c.options, ...scheduled });
      let params = treeOf<Readonly<Record<string, Numbers>>>(c.params, backend);
      let state = optimizer.init(params);
      for (const [i, grads] of c.grads.entries()) {
        [params, state] = optimizer.update(treeOf<Readonly<Record<string, Numbers>>>(grads, backend), state, params);
        for (const [name, after] of Object.entries(c.after[i]!)) {
          expectClose(await numbersOf(params[name]!), after.data, tol, `${name} after update ${i + 1}`);
        }
      }
      expect(state.step).toBe(c.grads.length);
    },
  );

  // Float32 has no 1 − 10⁻⁷.
  const losses = goldens.losses.filter((c) => backend.precision === 64 || !('edge' in c));
  it.each(losses.map((c, i) => [`${i}: ${c.name} ${JSON.stringify(c.options)} ${c.reduction}`, c] as const))(
    'loss %s',
    async (_title, c) => {
      const yTrue = (c.classes ? ints : floats)(c.yTrue, backend);
      const options = {
        ...c.options,
        reduction: c.reduction,
        sampleWeight: c.sampleWeight && floats(c.sampleWeight, backend),
        mask: c.mask && bools(c.mask, backend),
      };
      const yPred = floats(c.yPred, backend);
      const loss = functions[c.name]!;
      const value = loss(yTrue, yPred, options);
      expect(value.shape).toEqual(c.value.shape);
      expectClose(await numbersOf(value), c.value.data, tol, 'value');
      const [, gradient] = valueAndGrad((p: Floats) => sum(loss(yTrue, p, options)))(yPred);
      // Next to 0 and 1 a probability's gradient is up to 10⁷: the tolerance is relative.
      expectClose(await numbersOf(gradient), c.gradient.data, tol, 'gradient');
    },
  );

  it.each(goldens.metrics.map((c, i) => [`${i}: ${c.name}`, c] as const))('metric %s', async (_title, c) => {
    const sampleWeight = c.sampleWeight && floats(c.sampleWeight, backend);
    const yTrue = (c.classes ? ints : floats)(c.yTrue, backend);
    const value = functions[c.name]!(yTrue, floats(c.yPred, backend), { ...c.options, sampleWeight });
    expectClose(await numbersOf(value), [c.value], tol);
  });

  it.each(goldens.masked.map((c, i) => [`${i}: ${c.name}`, c] as const))('masked metric %s', async (_title, c) => {
    const sampleWeight = c.sampleWeight && floats(c.sampleWeight, backend);
    const yTrue = (c.classes ? ints : floats)(c.yTrue, backend);
    const value = functions[c.name]!(yTrue, floats(c.yPred, backend), { mask: bools(c.mask, backend), sampleWeight });
    expectClose(await numbersOf(value), [c.value], tol);
  });

  it.each(goldens.clipping.map((c, i) => [i, c] as const))('clipping %i', async (_title, c) => {
    const tree = treeOf(c.tree, backend);
    expectClose(await numbersOf(train.globalNorm(tree)), [c.globalNorm], tol);
    const ways = [
      [train.clipByNorm(tree, c.limit), c.byNorm],
      [train.clipByGlobalNorm(tree, c.limit), c.byGlobalNorm],
      [train.clipByValue(tree, c.limit), c.byValue],
    ] as const;
    for (const [got, expected] of ways) {
      expectClose(await numbersOf(got.a), expected.a.data, tol);
      expectClose(await numbersOf(got.b[0]!), expected.b[0]!.data, tol);
    }
  });

  it('updates leave nothing behind but what they give', () => {
    const optimizer = train.adam({ amsgrad: true, globalClipnorm: 1, weightDecay: 0.1 });
    const params = { w: tensor([[1, 2]], [1, 2], { backend }), n: tensor(new Int32Array(3), [3], { backend }) };
    const before = backend.live!();
    const state = optimizer.init(params);
    expect(backend.live!() - before).toBe(3);
    const [next, nextState] = optimizer.update(params, state, params);
    expect(backend.live!() - before).toBe(3 + 4);
    expect(next.n).toBe(params.n);
    for (const x of [...leaves(state), ...leaves(nextState), next.w]) x.dispose();
    expect(backend.live!()).toBe(before);
  });

  it('weights are left out of the decay by their path in the tree, not by what errors call the tree', async () => {
    const optimizer = train.sgd({ learningRate: 0.5, weightDecay: 0.5, excludeFromWeightDecay: ['a', 'm.bias'] });
    const leaf = (): Floats => tensor([4], [1], { backend });
    const params = { a: leaf(), b: leaf(), m: { bias: leaf(), kernel: leaf() }, rm: { bias: leaf() } };
    const none = mapTree(params, (x) => sub(x, x));
    const [next] = optimizer.update(none, optimizer.init(params), params);
    const after = await Promise.all([next.a, next.b, next.m.bias, next.m.kernel, next.rm.bias].map(numbersOf));
    // m.bias is in rm.bias as well.
    expect(after.flat()).toEqual([4, 3, 4, 3, 4]);
  });

  it('one tensor at two places stays one', async () => {
    const w = tensor([1, -2, 3], [3], { backend });
    const params = { encoder: w, decoder: [w] };
    const grads = scope(() => valueAndGrad((p: typeof params) => sum(p.encoder))(params)[1]);
    const optimizer = train.sgd({ learningRate: 0.5, momentum: 0.5 });
    const [next, state] = optimizer.update(grads, optimizer.init(params), params);
    expect(next.encoder).toBe(next.decoder[0]);
    expect(state.slots['momentum']!.encoder).toBe(state.slots['momentum']!.decoder[0]);
    expectClose(await numbersOf(next.encoder), [0.5, -2.5, 2.5], 0);
  });
});

it.each(goldens.schedules.map((c, i) => [`${c.name} ${i}`, c] as const))('%s', (_title, c) => {
  const schedule = schedules[c.name]!(c.options);
  c.steps.forEach((step, i) => {
    const e = c.values[i]!;
    expect(Math.abs(schedule(step) - e)).toBeLessThanOrEqual(1e-14 * e + 1e-300);
  });
});

it.each(goldens.float32.map((c) => [c.name, c] as const))('%s rounds its factors as Keras does', async (_title, c) => {
  const backend = backends['cpu']!();
  const optimizer = optimizers[c.name]!(c.options);
  let params = floats(c.w, backend);
  let state = optimizer.init(params);
  for (const [i, grads] of c.grads.entries()) {
    [params, state] = optimizer.update(floats(grads, backend), state, params);
    // Without it the first update is 6·10⁻⁶ off.
    expectClose(await numbersOf(params), c.after[i]!.data, 3e-7);
  }
});
