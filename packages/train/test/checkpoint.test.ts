/** Checkpoints: every value comes back, nothing torn or foreign does, and a run that is resumed gives the same bits. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu } from '@recurra/backend-cpu';
import { gruCell, rnn } from '@recurra/cells';
import { referenceBackend } from '@recurra/conformance-tests';
import { concat, leaves, matmul, mul, tensor, type ArgumentError, type Backend } from '@recurra/core';
import { dropoutMask } from '@recurra/core/random';
import {
  adam,
  cosineDecay,
  decodeCheckpoint,
  encodeCheckpoint,
  fit,
  meanAbsoluteError,
  meanSquaredError,
  rmsprop,
  sgd,
} from '@recurra/train';
import type { CheckpointValue, FitOptions, Floats, How, Progress, Run } from '@recurra/train';
import { readCheckpoint, writeCheckpoint } from '@recurra/train/node';
import { array, assert, asyncProperty, boolean, constant, constantFrom, integer, oneof, record } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataOf, predicted, weightsOf, type Batch, type Weights } from './model.js';
import { backends, bitsOf, codeOf, randoms, uniforms } from './numbers.js';

const backend = cpu();

describe('a checkpoint', () => {
  it('gives back every value', async () => {
    const w = tensor([1.5, -0, NaN, Infinity, 1e-42], [5], { backend });
    const value: CheckpointValue = {
      w,
      again: [w, tensor(new Int32Array([-7, 2]), [2, 1], { backend })],
      mask: tensor([true, false, true], [3], { backend }),
      none: tensor([], [0, 3], { backend }),
      numbers: [0, -0, NaN, -Infinity, 0.1, 9007199254740991],
      'text "ü" \u2028': 'Ж',
      flags: [true, false, null],
      deep: { deeper: [{}] },
    };
    const back = decodeCheckpoint(await encodeCheckpoint(value), { backend }) as typeof value & {
      again: (typeof w)[];
      numbers: number[];
    };
    expect(Object.keys(back)).toEqual(Object.keys(value));
    expect(back.again[0]).toBe(back['w']);
    expect(leaves(back).map((x) => [x.dtype, x.shape])).toEqual(leaves(value).map((x) => [x.dtype, x.shape]));
    expect(await bitsOf(back)).toEqual(await bitsOf(value));
    expect(Object.is(back.numbers[1], -0)).toBe(true);
    expect([back.numbers, back['flags'], back['deep']]).toEqual([value['numbers'], value['flags'], value['deep']]);
  });

  it('keeps the bits of a device of 64', async () => {
    const own = referenceBackend();
    const x = tensor([1 / 3, Math.PI], [2], { backend: own });
    const back = decodeCheckpoint(await encodeCheckpoint(x), { backend: own });
    expect(await bitsOf(back)).toEqual([[1 / 3, Math.PI]]);
  });

  it('does not hold what it could not give back', async () => {
    for (const value of [
      () => 3,
      3n,
      new Map(),
      new Date(0),
      Symbol('s'),
      { $tensor: 0 },
      { a: [undefined, new Set()] },
    ]) {
      await expect(encodeCheckpoint(value as never)).rejects.toMatchObject({ code: 'NOT_A_VALUE' });
    }
    const circle: unknown[] = [];
    circle.push(circle);
    await expect(encodeCheckpoint(circle as never)).rejects.toMatchObject({ code: 'NOT_A_VALUE' });
  });

  it('is refused when a byte is missing, too many, or changed', async () => {
    const bytes = await encodeCheckpoint({ w: tensor([1, 2, 3], [3], { backend }), epoch: 3 });
    const before = backend.live!();
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => decodeCheckpoint(bytes.subarray(0, length), { backend }))).toBe('CHECKPOINT_TORN');
    }
    expect(codeOf(() => decodeCheckpoint(Uint8Array.of(...bytes, 0), { backend }))).toBe('CHECKPOINT_TORN');
    const next = uniforms(3);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << Math.floor(8 * next());
      const expected = at < 7 ? 'CHECKPOINT_FOREIGN' : at === 7 ? 'CHECKPOINT_VERSION' : 'CHECKPOINT_TORN';
      expect(codeOf(() => decodeCheckpoint(changed, { backend }))).toBe(expected);
    }
    expect(backend.live!()).toBe(before);
  });

  it('of something else is refused', async () => {
    for (const bytes of [
      '{"a":1}',
      '',
      null,
      [1, 2],
      new ArrayBuffer(40),
      new TextEncoder().encode('PK\u0003\u0004 and so on, for long'),
    ]) {
      expect(codeOf(() => decodeCheckpoint(bytes as never, { backend }))).toBe('CHECKPOINT_FOREIGN');
    }
    const resume = await encodeCheckpoint({ kind: 'other' });
    const options = {
      params: weightsOf(backend),
      loss: () => null as never,
      optimizer: sgd(),
      data: dataOf(backend, 2),
    };
    expect(codeOf(() => fit({ ...options, resume }))).toBe('CHECKPOINT_MISMATCH');
    const forged = await encodeCheckpoint({ kind: 'fit', optimizer: 'sgd', run: { params: options.params } as never });
    expect(codeOf(() => fit({ ...options, resume: forged }))).toBe('CHECKPOINT_MISMATCH');
    const mine = await fit(options).checkpoint();
    const before = backend.live!();
    expect(codeOf(() => fit({ ...options, optimizer: adam(), resume: mine }))).toBe('CHECKPOINT_MISMATCH');
    const other = { ...options.params, hidden: { kernel: options.params.kernel, bias: options.params.kernel } };
    expect(codeOf(() => fit({ ...options, params: other, resume: mine }))).toBe('CHECKPOINT_MISMATCH');
    expect(backend.live!()).toBe(before);
  });
});

describe.each(Object.entries(backends))('a run on %s', (_, make) => {
  it('interrupted anywhere and resumed gives the bits of one that was not', { timeout: 60_000 }, async () => {
    const device = make();
    await assert(
      asyncProperty(
        record({
          rows: integer({ min: 1, max: 9 }),
          batchSize: integer({ min: 1, max: 4 }),
          epochs: integer({ min: 1, max: 4 }),
          accumulate: integer({ min: 1, max: 3 }),
          shuffle: oneof(constant(false), integer({ min: 0, max: 99 })),
          optimizer: constantFrom(
            sgd({ momentum: 0.9, nesterov: true }),
            adam({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 9 }), amsgrad: true }),
            rmsprop({ centered: true, momentum: 0.5 }),
          ),
          restoreBest: boolean(),
          validates: boolean(),
          streams: boolean(),
          // After how many steps each session ends; the last one runs on.
          cuts: array(integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }),
        }),
        async ({ rows, batchSize, epochs, accumulate, shuffle, optimizer, restoreBest, validates, streams, cuts }) => {
          const params = weightsOf(device);
          const data = dataOf(device, rows);
          const held = dataOf(device, 3, 77);
          const calls: How[] = [];
          // Dropout draws from the count of calls; a wrong count gives other weights.
          const loss = (p: Weights, { x, y }: Batch, how: How): ReturnType<typeof predicted> => {
            calls.push(how);
            const mask = how.training
              ? dropoutMask([5, how.dropoutCounter], x.shape, 0.3)
              : new Float32Array(x.size).fill(1);
            return meanSquaredError(y, predicted(p, mul(x, tensor(mask, x.shape, { backend: device }))));
          };
          const options: FitOptions<Weights, Batch> = {
            params,
            loss,
            optimizer,
            data: streams ? ((() => [data, data]) as never) : data,
            batchSize,
            epochs,
            accumulate,
            shuffle,
            ...(validates && { validation: { data: held, batchSize: 2 } }),
            earlyStopping: { monitor: validates ? 'valLoss' : 'loss', patience: 1, restoreBest },
          };
          const whole = fit(options);
          const expected: Omit<Progress, 'elapsed'>[] = [];
          for await (const { elapsed: _e, ...step } of whole) expected.push(step);
          const expectedCalls = calls.splice(0);

          const got: Omit<Progress, 'elapsed'>[] = [];
          let run = fit(options);
          for (const cut of cuts) {
            let left = cut;
            if (left > 0) {
              for await (const { elapsed: _e, ...step } of run) {
                got.push(step);
                if (--left === 0) break;
              }
            }
            const resume = await run.checkpoint();
            run.dispose();
            // Another seed, as the program would draw one: that in the checkpoint counts.
            run = fit({ ...options, resume, ...(shuffle !== false && { shuffle: true }) });
          }
          for await (const { elapsed: _e, ...step } of run) got.push(step);
          expect(got).toEqual(expected);
          expect(calls).toEqual(expectedCalls);
          expect(run.outcome).toBe(whole.outcome);
          expect(await bitsOf(run.params)).toEqual(await bitsOf(whole.params));
          for (const r of [run, whole]) r.dispose();
        },
      ),
      { numRuns: 40, seed: 20260801 },
    );
  });
});

/** A GRU that drops its inputs and states, with everything that a run can have: its counts must all come back. */
const whole = (device: Backend, signal?: AbortSignal): Run<Params> => fit(optionsOf(device, signal));
const gru = gruCell({ units: 3, dropout: 0.3, recurrentDropout: 0.2, seed: 4 });
type Params = { readonly gru: ReturnType<typeof gru.init>; readonly kernel: Floats };
function optionsOf(device: Backend, signal?: AbortSignal, seen: (how: How) => void = () => undefined) {
  const on = (seed: number, shape: readonly number[]): Floats =>
    tensor(
      randoms(
        seed,
        shape.reduce((n, m) => n * m),
      ),
      shape,
      { backend: device },
    );
  const params: Params = {
    gru: { kernel: on(1, [2, 9]), recurrentKernel: on(2, [3, 9]), bias: on(3, [2, 9]) } as Params['gru'],
    kernel: on(4, [3, 1]),
  };
  return {
    params,
    loss(p: Params, { x, y }: { x: Floats; y: Floats }, how: How) {
      seen(how);
      const { training, dropoutCounter } = how;
      const { outputs } = rnn(gru, p.gru, x, { training, dropoutCounter });
      const guess = matmul(outputs, p.kernel);
      return { loss: meanSquaredError(y, guess), metrics: { error: meanAbsoluteError(y, guess) } };
    },
    optimizer: adam({ amsgrad: true, globalClipnorm: 0.7, weightDecay: 0.01 }),
    schedule: cosineDecay({ initialLearningRate: 0.01, warmupTarget: 0.3, warmupSteps: 3, decaySteps: 12 }),
    data: { x: on(5, [9, 3, 2]), y: on(6, [9, 1]) },
    batchSize: 2,
    accumulate: 2,
    epochs: 5,
    shuffle: 11,
    validation: { data: { x: on(7, [3, 3, 2]), y: on(8, [3, 1]) }, batchSize: 2 },
    earlyStopping: { patience: 1, restoreBest: true },
    ...(signal && { signal }),
  };
}

describe('at every step', () => {
  const told = ({ elapsed: _e, ...step }: Progress): object => step;

  it('a run may be interrupted, by a break or in a crash, and gives the same bits', { timeout: 60_000 }, async () => {
    const run = whole(cpu());
    const steps: object[] = [];
    for await (const step of run) steps.push(told(step));
    const expected = { outcome: run.outcome, bits: await bitsOf(run.params) };
    // It stops early, after updates of two batches and of one, and goes back to an epoch before.
    expect(expected.outcome).toBe('stoppedEarly');
    expect(steps.length).toBeLessThan(15);

    for (let cut = 0; cut <= steps.length; cut++) {
      const first = whole(cpu());
      const got: object[] = [];
      if (cut > 0) {
        for await (const step of first) if (got.push(told(step)) === cut) break;
      }
      const resume = await first.checkpoint();
      // Another process has a device, tensors and generators of its own.
      const second = fit({ ...optionsOf(cpu()), resume });
      for await (const step of second) got.push(told(step));
      expect(got).toEqual(steps);
      expect({ outcome: second.outcome, bits: await bitsOf(second.params) }).toEqual(expected);
    }
  });

  it(
    'a run may be aborted at every call of the loss, within an update or a validation',
    { timeout: 60_000 },
    async () => {
      let calls = 0;
      const count = fit(optionsOf(cpu(), undefined, () => void calls++));
      await count.finish();
      const expected = await bitsOf(count.params);
      for (let cut = 1; cut <= calls; cut++) {
        const control = new AbortController();
        let left = cut;
        const seen = (): void => void (--left === 0 && control.abort());
        const first = fit(optionsOf(cpu(), control.signal, seen));
        for await (const _ of first);
        const resume = await first.checkpoint();
        const second = fit({ ...optionsOf(cpu()), resume });
        expect(await bitsOf(await second.finish())).toEqual(expected);
      }
    },
  );

  it('a run may fail, and goes on when the reason is gone', async () => {
    const expected = await bitsOf(await whole(cpu()).finish());
    for (const at of [1, 4, 9]) {
      let calls = 0;
      const crash = (): void => {
        if (++calls === at) throw new Error('crash');
      };
      const first = fit(optionsOf(cpu(), undefined, crash));
      await expect(first.finish()).rejects.toThrow('crash');
      const again = fit({ ...optionsOf(cpu()), resume: await first.checkpoint() });
      for (const run of [first, again]) expect(await bitsOf(await run.finish())).toEqual(expected);
      await expect(first.checkpoint()).rejects.toMatchObject({ name: 'DisposedError', op: 'fit' });
    }
  });
});

describe('a run that is resumed', () => {
  const after = async (steps: number, how: object = {}): Promise<Uint8Array> => {
    const run = fit({ ...optionsOf(cpu()), ...how });
    let left = steps;
    for await (const _ of run) if (--left === 0) break;
    return run.checkpoint({ extra: { words: ['a', 'b'], nothing: null, half: 0.5 } });
  };
  const refusal = (how: object): unknown => {
    try {
      fit({ ...optionsOf(cpu()), ...how } as never).dispose();
    } catch (error) {
      return { facts: (error as ArgumentError).facts, code: (error as ArgumentError).code };
    }
    return 'accepted';
  };

  it('with other options says which, and what they were', async () => {
    const [middle, end] = [await after(1), await after(3)];
    const code = 'CHECKPOINT_MISMATCH';
    expect(refusal({ resume: middle, shuffle: 12 })).toEqual({ code, facts: { shuffle: 12, saved: 11 } });
    expect(refusal({ resume: middle, shuffle: false })).toEqual({ code, facts: { shuffle: false, saved: 11 } });
    const done = { 'batches done in this epoch': 2 };
    expect(refusal({ resume: middle, batchSize: 3 })).toEqual({ code, facts: { batchSize: 3, saved: 2, ...done } });
    const { x, y } = optionsOf(cpu()).data;
    const data = { x: concat([x, x], 0), y: concat([y, y], 0) };
    expect(refusal({ resume: middle, data })).toEqual({ code, facts: { rows: 18, saved: 9, ...done } });
    for (const how of [{ batchSize: 3 }, { data }, {}, { shuffle: 11 }, { shuffle: true }, { shuffle: undefined }])
      expect(refusal({ resume: end, ...how })).toBe('accepted');
    expect(refusal({ resume: middle, optimizer: sgd() })).toEqual({ code, facts: { optimizer: 'sgd', saved: 'adam' } });
    const unshuffled = await after(1, { shuffle: false });
    expect(refusal({ resume: unshuffled, shuffle: true })).toEqual({ code, facts: { shuffle: true, saved: false } });
    expect(refusal({ resume: unshuffled, shuffle: undefined })).toBe('accepted');
  });

  it('with another model names the tensor and both shapes', async () => {
    const resume = await after(1);
    const { params } = optionsOf(cpu());
    const code = 'CHECKPOINT_MISMATCH';
    const wider = { ...params, kernel: concat([params.kernel, params.kernel], 1) };
    const facts = { 'params.kernel': 'float32 [3, 2]', saved: 'float32 [3, 1]' };
    expect(refusal({ resume, params: wider })).toEqual({ code, facts });
    const more = { ...params, bias: params.kernel };
    expect(refusal({ resume, params: more })).toEqual({
      code,
      facts: { 'params.bias': 'float32 [3, 1]', saved: 'nothing of that name' },
    });
    const { kernel: _, ...less } = params;
    expect(refusal({ resume, params: less })).toEqual({
      code,
      facts: { 'params.kernel': 'nothing', saved: 'float32 [3, 1]' },
    });
  });

  it('from a file name, or a promise, says what it needs', () => {
    for (const resume of ['run.ckpt', Promise.resolve(new Uint8Array(3)), null])
      expect(() => fit({ ...optionsOf(cpu()), resume } as never)).toThrow(/readCheckpoint|run\.checkpoint\(\)/);
    expect(() => fit({ ...optionsOf(cpu()), resume: 'run.ckpt' } as never)).toThrow(/@recurra\/train\/node/);
  });

  it('after its end does nothing, and says how it ended; more epochs, or no early stopping, are more to do', async () => {
    const count = async (how: object): Promise<[steps: number, outcome: unknown]> => {
      const run = fit({ ...optionsOf(cpu()), ...how });
      let steps = 0;
      for await (const _ of run) steps++;
      return [steps, run.outcome];
    };
    const completed = await after(99, { epochs: 1 });
    expect(await count({ resume: completed, epochs: 1 })).toEqual([0, 'completed']);
    expect((await count({ resume: completed, epochs: 2 }))[0]).toBe(3);
    const stopped = await after(99);
    expect(await count({ resume: stopped })).toEqual([0, 'stoppedEarly']);
    const { earlyStopping: _, ...without } = optionsOf(cpu());
    const on = fit({ ...without, resume: stopped });
    await on.finish();
    expect(on.outcome).toBe('completed');
  });

  it('gives back what was kept beside it', async () => {
    const run = fit({ ...optionsOf(cpu()), resume: await after(1) });
    expect(run.extra).toEqual({ words: ['a', 'b'], nothing: null, half: 0.5 });
    const again = fit({ ...optionsOf(cpu()), resume: await run.checkpoint() });
    expect(again.extra).toEqual(run.extra);
    expect(fit(optionsOf(cpu())).extra).toBe(null);
    for (const extra of [() => 1, { x: optionsOf(cpu()).params.kernel }, new Date()])
      await expect(run.checkpoint({ extra })).rejects.toMatchObject({ code: 'NOT_A_VALUE' });
    await expect(run.checkpoint({ extras: 1 } as never)).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
  });
});

describe('a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'recurra-train-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const bytesOf = (epoch: number): Promise<Uint8Array> => encodeCheckpoint({ epoch });

  it('has the last checkpoint, and the one before beside it', async () => {
    const path = join(folder, 'run.ckpt');
    for (const epoch of [1, 2, 3]) await writeCheckpoint(path, await bytesOf(epoch));
    expect(decodeCheckpoint(await readCheckpoint(path), { backend })).toEqual({ epoch: 3 });
    expect(decodeCheckpoint(await readCheckpoint(`${path}.previous`), { backend })).toEqual({ epoch: 2 });
    expect(readdirSync(folder).toSorted()).toEqual(['run.ckpt', 'run.ckpt.previous']);
  });

  it('is never without a whole checkpoint while another is written', async () => {
    const path = join(folder, 'run.ckpt');
    await writeCheckpoint(path, await bytesOf(0));
    const state = { writing: true };
    const writer = (async () => {
      for (let epoch = 1; epoch <= 40; epoch++) await writeCheckpoint(path, await bytesOf(epoch));
      state.writing = false;
    })();
    let reads = 0;
    let last = 0;
    while (state.writing) {
      const { epoch } = decodeCheckpoint(await readCheckpoint(path), { backend }) as { epoch: number };
      expect(epoch).toBeGreaterThanOrEqual(last);
      last = epoch;
      reads++;
    }
    await writer;
    expect(reads).toBeGreaterThan(5);
  });

  it('survives two writers', async () => {
    const path = join(folder, 'run.ckpt');
    await Promise.all([1, 2, 3, 4, 5, 6].map(async (epoch) => writeCheckpoint(path, await bytesOf(epoch))));
    expect([1, 2, 3, 4, 5, 6]).toContain(
      (decodeCheckpoint(await readCheckpoint(path), { backend }) as { epoch: number }).epoch,
    );
    expect(readdirSync(folder).filter((name) => !/^run\.ckpt(\.previous)?$/.test(name))).toEqual([]);
  });

  it('stays as it was when what is to be written is no checkpoint, or the system refuses', async () => {
    const path = join(folder, 'run.ckpt');
    await writeCheckpoint(path, await bytesOf(1));
    const kept = readFileSync(path);
    const torn = (await bytesOf(2)).subarray(0, 30);
    await expect(writeCheckpoint(path, torn)).rejects.toMatchObject({ code: 'CHECKPOINT_TORN' });
    await expect(writeCheckpoint(join(folder, 'no', 'run.ckpt'), await bytesOf(2))).rejects.toMatchObject({
      code: 'FILE',
    });
    await expect(writeCheckpoint('', await bytesOf(2))).rejects.toMatchObject({ code: 'ARGUMENT' });
    expect(readFileSync(path)).toEqual(kept);
    expect(readdirSync(folder)).toEqual(['run.ckpt']);
  });

  it('that is torn, foreign or not there is refused', async () => {
    const path = join(folder, 'run.ckpt');
    writeFileSync(path, (await bytesOf(1)).subarray(0, -3));
    await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'CHECKPOINT_TORN' });
    writeFileSync(path, 'PK and so on');
    await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'CHECKPOINT_FOREIGN' });
    await expect(readCheckpoint(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE' });
  });
});
