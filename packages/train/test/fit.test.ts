/** The training loop: what it calls with what, what it yields, and what stays when it ends, however it ends. */
import { cpu } from '@recurra/backend-cpu';
import {
  leaves,
  mul,
  scope,
  sqrt,
  sum,
  tensor,
  valueAndGrad,
  type Backend,
  type RecurraError,
  type Tensor,
} from '@recurra/core';
import {
  adam,
  fit,
  meanAbsoluteError,
  sgd,
  type BatchOf,
  type EarlyStoppingOptions,
  type How,
  type Progress,
} from '@recurra/train';
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import goldens from './goldens.json' with { type: 'json' };
import { dataOf, predicted, squaredLoss, weightsOf, type Batch, type Weights } from './model.js';
import { bitsOf, codeOf, numbersOf } from './numbers.js';

let backend: Backend;
beforeEach(() => {
  backend = cpu();
});

async function all(run: AsyncIterable<Progress>): Promise<Progress[]> {
  const steps: Progress[] = [];
  for await (const step of run) steps.push(step);
  return steps;
}

async function failure(run: AsyncIterable<Progress>): Promise<RecurraError> {
  try {
    for await (const _ of run);
  } catch (error) {
    return error as RecurraError;
  }
  throw new Error('the run did not fail');
}

const base = (
  rows = 7,
): { params: Weights; loss: typeof squaredLoss; optimizer: ReturnType<typeof adam>; data: Batch } => ({
  params: weightsOf(backend),
  loss: squaredLoss,
  optimizer: adam({ learningRate: 0.05 }),
  data: dataOf(backend, rows),
});

describe('steps', () => {
  it('are the optimizer’s updates on the rows in order', async () => {
    const { params, loss, optimizer, data } = base();
    const run = fit({ params, loss, optimizer, data, batchSize: 3, epochs: 2, shuffle: false });
    const steps = await all(run);

    let [mine, state] = [params, optimizer.init(params)];
    const x = await numbersOf(data.x);
    const y = await numbersOf(data.y);
    const losses: number[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      for (const [from, to] of [
        [0, 3],
        [3, 6],
        [6, 7],
      ] as const) {
        const batch = {
          x: tensor(x.slice(from * 3, to * 3), [to - from, 3], { backend }),
          y: tensor(y.slice(from, to), [to - from, 1], { backend }),
        };
        const [value, grads] = valueAndGrad(loss)(mine, batch);
        losses.push((await numbersOf(value))[0]!);
        [mine, state] = optimizer.update(grads, state, mine);
      }
    }
    expect(steps.map((s) => s.loss)).toEqual(losses);
    expect(steps.map((s) => [s.epoch, s.step])).toEqual([1, 2, 3, 4, 5, 6].map((step) => [step < 4 ? 0 : 1, step]));
    expect(await bitsOf(run.params)).toEqual(await bitsOf(mine));
    const mean = (l: readonly number[]): number => (l[0]! * 3 + l[1]! * 3 + l[2]!) / 7;
    expect(steps[2]!.logs!['loss']).toBeCloseTo(mean(losses), 14);
    expect(steps[5]!.logs!['loss']).toBeCloseTo(mean(losses.slice(3)), 14);
    expect(steps.map((s) => s.logs === null)).toEqual([true, true, false, true, true, false]);
    expect(run.outcome).toBe('completed');
  });

  it('average gradients and losses over accumulated batches', async () => {
    const whole = base(8);
    const one = fit({ ...whole, batchSize: 8, shuffle: false });
    const four = fit({ ...whole, batchSize: 2, shuffle: false, accumulate: 4 });
    const [a] = await all(one);
    const [b, ...more] = await all(four);
    expect(more).toEqual([]);
    expect(b!.loss).toBeCloseTo(a!.loss, 6);
    const [wa, wb] = [(await bitsOf(one.params)).flat(), (await bitsOf(four.params)).flat()];
    wa.forEach((w, i) => expect(wb[i]).toBeCloseTo(w, 5));
    // Five batches: an update of three, and one of what is left.
    const counts: number[] = [];
    const rest = fit({
      ...base(10),
      loss: (p: Weights, batch: Batch, how) => (counts.push(how.step), squaredLoss(p, batch)),
      batchSize: 2,
      accumulate: 3,
    });
    expect((await all(rest)).length).toBe(2);
    expect(counts).toEqual([0, 0, 0, 1, 1]);
  });

  it('follow the schedule in place of the optimizer’s learning rate', async () => {
    const schedule = (step: number): number => 0.1 / (step + 1);
    const steps = await all(fit({ ...base(), schedule, batchSize: 3 }));
    expect(steps.map((s) => s.learningRate)).toEqual([0.1, 0.05, 0.1 / 3]);
    const own = await all(fit({ ...base(), optimizer: sgd({ learningRate: schedule }), batchSize: 3 }));
    expect(own.map((s) => s.learningRate)).toEqual([0.1, 0.05, 0.1 / 3]);
  });

  it('give metrics, and the validation’s at the end of each epoch', async () => {
    const calls: How[] = [];
    const { params, optimizer, data } = base(5);
    const held = dataOf(backend, 3, 9);
    const steps = await all(
      fit({
        params,
        optimizer,
        data,
        loss(p: Weights, { x, y }: Batch, how: How) {
          calls.push(how);
          const guess = predicted(p, x);
          return { loss: squaredLoss(p, { x, y }), metrics: { error: meanAbsoluteError(y, guess) } };
        },
        batchSize: 3,
        epochs: 2,
        validation: { data: held, batchSize: 2 },
      }),
    );
    expect(calls.map((how) => how.training)).toEqual([true, true, false, false, true, true, false, false]);
    expect(calls.map((how) => how.dropoutCounter)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(calls.map((how) => how.trainingCalls)).toEqual([0, 1, 2, 2, 2, 3, 4, 4]);
    expect(Object.keys(steps[1]!.logs!)).toEqual(['loss', 'error', 'valLoss', 'valError']);
    expect(steps[0]!.metrics['error']).toBeGreaterThan(0);
    const run = fit({
      params,
      optimizer: sgd({ learningRate: 0 }),
      data,
      loss: squaredLoss,
      validation: { data: held },
    });
    const [still] = await all(run);
    const whole = scope(() => squaredLoss(params, held));
    expect(still!.logs!['valLoss']).toBe((await numbersOf(whole))[0]);
  });
});

describe('data', () => {
  const seen = async (data: unknown, options: object = {}): Promise<number[][]> => {
    const w = tensor([1], [1], { backend });
    const kept: Promise<number[]>[] = [];
    const loss = (p: typeof w, batch: { n: typeof w }): typeof w => {
      kept.push(numbersOf(batch.n));
      return sum(mul(p, 0));
    };
    await all(fit({ params: w, loss: loss as never, optimizer: sgd(), data: data as never, ...options }));
    return Promise.all(kept);
  };

  it('may be tensors, typed arrays and nested arrays', async () => {
    const how = { batchSize: 2, shuffle: false };
    expect(await seen({ n: tensor([1, 2, 3], [3], { backend }) }, how)).toEqual([[1, 2], [3]]);
    expect(await seen({ n: Int32Array.of(4, 5, 6) }, how)).toEqual([[4, 5], [6]]);
    expect(
      await seen(
        {
          n: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
        how,
      ),
    ).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
    expect(await seen({ n: [true, false] }, how)).toEqual([[1, 0]]);
  });

  it('may be a function that gives batches, at once or in time', async () => {
    const epochs: number[] = [];
    function* sync({ epoch }: { epoch: number }): Generator<unknown> {
      epochs.push(epoch);
      yield { n: [1, 2], name: 'a' };
      yield { n: Float32Array.of(epoch) };
    }
    expect(await seen(sync, { epochs: 2 })).toEqual([[1, 2], [0], [1, 2], [1]]);
    expect(epochs).toEqual([0, 1]);
    async function* slow(): AsyncGenerator<unknown> {
      await Promise.resolve();
      const n = tensor([7, 8], [2], { backend });
      try {
        yield { n };
      } finally {
        n.dispose();
      }
    }
    expect(await seen(slow)).toEqual([[7, 8]]);
    expect(await seen(() => [{ n: [3] }])).toEqual([[3]]);
  });

  it('are shuffled by seed, otherwise in each epoch, each row once', async () => {
    const rows = Float32Array.from({ length: 50 }, (_, i) => i);
    const order = async (shuffle: number): Promise<number[][]> =>
      seen({ n: rows }, { shuffle, epochs: 2, batchSize: 50 });
    const [first, second] = await order(7);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual([...rows]);
    expect(first!.toSorted((a, b) => a - b)).toEqual([...rows]);
    expect(second!.toSorted((a, b) => a - b)).toEqual([...rows]);
    expect(await order(7)).toEqual([first, second]);
    expect(await order(8)).not.toEqual([first, second]);
  });
});

// Validation losses are given, and the weight counts epochs: goldens.json, "stopping", is what Keras's callback does.
describe('early stopping', () => {
  it.each(goldens.stopping.map((c) => [JSON.stringify(c.options), c] as const))('%s', async (_, c) => {
    const w = tensor([0], [1], { backend });
    const run = fit({
      params: w,
      optimizer: sgd({ learningRate: 1 }),
      data: { n: Float32Array.of(0) },
      loss: (p: typeof w, _batch, how) =>
        how.training ? sum(mul(p, -1)) : tensor(c.values[how.epoch]!, [], { backend }),
      epochs: c.values.length,
      validation: { data: { n: Float32Array.of(0) } },
      earlyStopping: c.options as EarlyStoppingOptions,
    });
    const steps = await all(run);
    expect({ epochs: steps.length, weight: (await numbersOf(run.params))[0] }).toEqual({
      epochs: c.epochs,
      weight: c.weight,
    });
    expect(run.outcome).toBe(c.stopped ? 'stoppedEarly' : 'completed');
  });
});

describe('ends', () => {
  it('when somebody leaves, and goes on to the same bits', async () => {
    const options = { ...base(), batchSize: 2, epochs: 3, shuffle: 5 };
    const whole = fit(options);
    const steps = await all(whole);
    const parts = fit(options);
    const seen: number[] = [];
    while (parts.outcome !== 'completed') {
      let left = 2;
      for await (const { loss } of parts) {
        seen.push(loss);
        if (--left === 0) break;
      }
    }
    expect(seen).toEqual(steps.map((s) => s.loss));
    expect(await bitsOf(parts.params)).toEqual(await bitsOf(whole.params));
  });

  it('quietly when a signal says so, even while data do not come', async () => {
    const control = new AbortController();
    const run = fit({ ...base(), batchSize: 1, signal: control.signal });
    let steps = 0;
    for await (const { step } of run) {
      steps = step;
      if (step === 3) control.abort();
    }
    expect([steps, run.outcome]).toEqual([3, 'aborted']);

    const other = new AbortController();
    async function* never(): AsyncGenerator<Batch> {
      yield dataOf(backend, 2);
      yield dataOf(backend, 2);
      await new Promise(() => undefined);
    }
    const stuck = fit({ ...base(), data: never, signal: other.signal });
    setTimeout(() => other.abort(), 20);
    expect((await all(stuck)).length).toBe(1);
    expect(stuck.outcome).toBe('aborted');
  });

  it('with an error that names step and path when a loss is not finite, and keeps the last good parameters', async () => {
    const good = fit({ ...base(), batchSize: 3, shuffle: false });
    let before: number[][] = [];
    for await (const _ of good) {
      before = await bitsOf(good.params);
      break;
    }
    const data = { ...base().data, y: tensor([1, 1, 1, 1, NaN, 1, 1], [7, 1], { backend }) };
    const bad = { x: data.x, y: tensor(await nan(base().data.y, 4), [7, 1], { backend }) };
    const run = fit({ ...base(), data: bad, batchSize: 3, shuffle: false });
    const error = await failure(run);
    expect(error.name).toBe('GradientError');
    expect(error.code).toBe('NOT_FINITE');
    expect(error.facts).toMatchObject({ step: 2, epoch: 0, path: 'batch, tensor 1' });
    expect(await bitsOf(run.params)).toEqual(before);
    expect(run.outcome).toBe('failed');

    const exploding = fit({ ...base(), optimizer: sgd({ learningRate: 1e38 }), batchSize: 7, epochs: 9 });
    const blown = await failure(exploding);
    expect(blown.code).toBe('NOT_FINITE');
    expect(String(blown.facts['path'])).toMatch(/^params\./);
    for (const numbers of await bitsOf(exploding.params)) expect(numbers.every(Number.isFinite)).toBe(true);
  });

  it('and the first weight that is not finite is named', async () => {
    const params = weightsOf(backend);
    const broken = { ...params, kernel: tensor([1, Infinity, 0, 0], [4, 1], { backend }) };
    const error = await failure(fit({ ...base(), params: broken }));
    expect(error.facts).toMatchObject({ step: 1, path: 'params.kernel', found: 'weight Infinity' });
    // The loss is finite here, its gradient is not.
    const root = await failure(fit({ ...base(), loss: (p: Weights) => sum(sqrt(mul(p.hidden.bias, 0))) }));
    expect(root.code).toBe('NOT_FINITE');
    expect(root.facts).toMatchObject({ path: 'params.hidden.bias' });
  });

  it('with what the loss function or the data throw, as it is', async () => {
    const mistake = new Error('mine');
    const thrower = (): never => {
      throw mistake;
    };
    const before = backend.live!();
    const options = base();
    const inLoss = fit({ ...options, loss: thrower });
    expect(await failure(inLoss)).toBe(mistake);
    async function* data(): AsyncGenerator<{ x: number[][]; y: number[][] }> {
      yield { x: [[1, 2, 3]], y: [[1]] };
      throw mistake;
    }
    const inData = fit({ ...options, data });
    expect(await failure(inData)).toBe(mistake);
    inLoss.dispose();
    inData.dispose();
    for (const x of leaves([options.params, options.data])) x.dispose();
    expect(backend.live!()).toBe(before);
  });
});

describe('leaks', () => {
  it('nothing in 1,000 steps, with everything that there is', { timeout: 60_000 }, async () => {
    const before = backend.live!();
    const options = base(20);
    const held = { x: [[1, 2, 3]], y: [[0.5]] };
    const run = fit({
      ...options,
      loss: (p: Weights, batch: Batch) => ({ loss: squaredLoss(p, batch), metrics: { size: sum(p.kernel) } }),
      optimizer: adam({ amsgrad: true, globalClipnorm: 1, weightDecay: 0.01 }),
      batchSize: 2,
      accumulate: 2,
      epochs: 200,
      validation: { data: held },
      earlyStopping: { patience: 500, restoreBest: true },
    });
    let [steps, least, most] = [0, Infinity, 0];
    for await (const { step } of run) {
      steps = step;
      if (step > 5) [least, most] = [Math.min(least, backend.live!()), Math.max(most, backend.live!())];
    }
    expect(steps).toBe(1000);
    // What the best epoch's parameters are may be the same tensors as the current ones, or three of their own.
    expect(most - least).toBeLessThanOrEqual(3 + 2);
    run.dispose();
    for (const x of leaves([options.params, options.data, run.params])) x.dispose();
    expect(backend.live!()).toBe(before);
  });

  it('nothing when it fails, is left, aborted or disposed in the middle, or never begun', async () => {
    const before = backend.live!();
    const options = base(9);
    const control = new AbortController();
    const endings = [
      fit({ ...options, optimizer: sgd({ learningRate: 1e38 }), epochs: 5 }),
      fit({ ...options, batchSize: 2 }),
      fit({ ...options, batchSize: 2, signal: control.signal, accumulate: 3 }),
      fit({ ...options, batchSize: 2 }),
      fit({ ...options, data: { x: [[1, 2, 3]], y: [[1]] } }),
    ] as const;
    await failure(endings[0]);
    for await (const _ of endings[1]) break;
    for await (const _ of endings[2]) control.abort();
    for await (const _ of endings[3]) endings[3].dispose();
    for (const run of endings) {
      run.dispose();
      run.dispose();
      for (const x of leaves(run.params)) x.dispose();
    }
    for (const x of leaves([options.params, options.data])) x.dispose();
    expect(backend.live!()).toBe(before);
  });

  it('nothing of what is the caller’s is freed, also when begun inside a scope', async () => {
    const options = base();
    const run = scope(() => [fit({ ...options, data: { x: [[1, 2, 3]], y: [[1]] }, epochs: 3 })])[0]!;
    const steps = run[Symbol.asyncIterator]();
    let first: ReturnType<typeof steps.next> | undefined;
    scope(() => void (first = steps.next()));
    expect((await first!).value.step).toBe(1);
    await steps.return!();
    const trained = await run.finish();
    expect(leaves([options.params, options.data, trained]).some((x) => x.disposed)).toBe(false);
  });
});

describe('refuses', () => {
  it.each([
    ['an unknown option', { epoch: 3 }, 'UNKNOWN_NAME'],
    ['no parameters', { params: {} }, 'ARGUMENT'],
    ['parameters that are no tree', { params: { w: 3 } }, 'NOT_A_TREE'],
    ['a loss that is no function', { loss: 3 }, 'ARGUMENT'],
    ['an optimizer that is none', { optimizer: 'adam' }, 'ARGUMENT'],
    ['half an epoch', { epochs: 0.5 }, 'ARGUMENT'],
    ['a batch of nothing', { batchSize: 0 }, 'ARGUMENT'],
    ['a shuffle that is no seed', { shuffle: 'yes' }, 'ARGUMENT'],
    ['no data', { data: {} }, 'EMPTY'],
    ['rows that differ', { data: { x: [[1, 2, 3]], y: [1, 2] } }, 'SHAPE'],
    ['validation by another name', { validation: { x: [1] } }, 'UNKNOWN_NAME'],
    ['to watch a validation that is not there', { earlyStopping: {} }, 'ARGUMENT'],
    ["Keras's name of a number", { earlyStopping: { monitor: 'val_loss' } }, 'ARGUMENT'],
    ['a direction that nobody knows', { earlyStopping: { monitor: 'warmth' } }, 'ARGUMENT'],
    ['a checkpoint that is none', { resume: new Uint8Array([1, 2, 3]) }, 'CHECKPOINT_FOREIGN'],
  ])('%s', (_, options, code) => {
    const before = backend.live!();
    const given = base();
    expect(codeOf(() => fit({ ...given, ...options } as never))).toBe(code);
    for (const x of leaves([given.params, given.data])) x.dispose();
    expect(backend.live!()).toBe(before);
  });

  it.each([
    ['a loss that is no scalar', { loss: (p: Weights) => p.kernel }, 'NOT_A_SCALAR'],
    ['a loss that waits', { loss: async () => 3 }, 'ARGUMENT'],
    ['an epoch without a batch', { data: () => [] }, 'EMPTY'],
    ['data that cannot be iterated over', { data: () => 3 }, 'ARGUMENT'],
    [
      'metrics that hide the loss',
      { loss: (p: Weights) => ({ loss: sum(p.kernel), metrics: { loss: sum(p.kernel) } }) },
      'ARGUMENT',
    ],
  ])('%s', async (_, options, code) => {
    expect((await failure(fit({ ...base(), ...options } as never))).code).toBe(code);
  });

  it('two loops at once', async () => {
    const run = fit({ ...base(), batchSize: 2 });
    const [one, two] = [run[Symbol.asyncIterator](), run[Symbol.asyncIterator]()];
    await one.next();
    await expect(two.next()).rejects.toMatchObject({ code: 'RUN_BUSY' });
  });
});

async function nan(x: Batch['y'], at: number): Promise<Float32Array> {
  const data = await x.data();
  data[at] = NaN;
  return data;
}

describe('types', () => {
  it('know the batches of data', () => {
    expectTypeOf<BatchOf<{ x: number[][]; n: Int32Array; m: boolean[]; t: Tensor<'int32'> }>>().toEqualTypeOf<{
      readonly x: Tensor<'float32'>;
      readonly n: Tensor<'int32'>;
      readonly m: Tensor<'bool'>;
      readonly t: Tensor<'int32'>;
    }>();
    expectTypeOf<
      BatchOf<(how: { epoch: number }) => AsyncGenerator<readonly [number[], Float64Array]>>
    >().toEqualTypeOf<readonly [Tensor<'float32'>, Tensor<'float32'>]>();
    expectTypeOf(fit<Weights, Batch>)
      .returns.toHaveProperty('params')
      .toEqualTypeOf<Weights>();
  });
});
