/** What the runner makes of cases: passes, failures with their numbers, skips, known failures, leaks. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  decorated,
  describeWith,
  formatReport,
  parseKnownFailures,
  referenceBackend,
  runSuite,
  type Case,
  type CaseResult,
  type ReferenceBuffer,
  type Testing,
} from '@recurra/conformance-tests';
import { add, floor, tensor, type Backend } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { defineCases } from '../src/case.js';
import { runCase } from '../src/run-case.js';

/** The reference with a floor that truncates. */
function broken(): Backend {
  const backend = referenceBackend();
  return decorated(backend, {
    name: 'broken',
    unary(op, x, out): ReferenceBuffer {
      if (op !== 'floor') return backend.unary(op, x, out);
      const y = backend.cast(x, out);
      y.data.forEach((v, i) => (y.data[i] = Math.trunc(v)));
      return y;
    },
  }) as unknown as Backend;
}

const only = ['kernels/unary/floor', 'kernels/unary/sign'];

describe('a report', () => {
  it('counts by area and says that all is well', async () => {
    const seen: string[] = [];
    const report = await runSuite(referenceBackend, {
      only: ['contract', 'kernels/cast'],
      onCase: ({ id }) => seen.push(id),
    });
    expect(report).toMatchObject({ name: 'reference', precision: 64, ok: true });
    expect(seen).toEqual(report.results.map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(8);
    const text = formatReport(report);
    expect(text).toMatch(/^reference \(precision 64\): \d+ passed, 1 skipped$/m);
    const count = (area: string): number => seen.filter((id) => id.startsWith(`${area}/`)).length;
    expect(text).toMatch(new RegExp(`^contract +${count('contract') - 1} +0 +0 +1 `, 'm'));
    expect(text).toMatch(new RegExp(`^kernels +${count('kernels')} +0 +0 +0 `, 'm'));
    expect(text).toContain('reference has no fused kernels: contract/fused-kernels-can-be-asked');
  });

  it('shows inputs, expected and actual numbers of a failure', async () => {
    const report = await runSuite(broken, { only });
    expect(report.ok).toBe(false);
    expect(report.results.map(({ id, status }) => [id, status])).toEqual([
      ['kernels/unary/floor', 'failed'],
      ['kernels/unary/sign', 'passed'],
    ]);
    const text = formatReport(report);
    expect(text).toContain('✗ kernels/unary/floor');
    expect(text).toContain('at [2]: 0, expected -1');
    expect(text).toContain('expected  [5] 1 -2 -1 2 0');
    expect(text).toContain('actual    [5] 1 -1 0 2 0');
    expect(text).toContain('input 0   float32 [5] 1.5 -1.5 -0.25 2 0.984375');
  });

  it('says how much of the tolerance was used, and where', async () => {
    const slightly = defineCases('ops', {
      a: ({ backend, close }) => void close(tensor([1 + 5e-13], undefined, { backend }), [1]),
      b: ({ backend, close }) => void close(tensor([1 + 1e-13], undefined, { backend }), [1]),
      c: ({ backend, close }) =>
        void close(tensor([1 + 1e-11], undefined, { backend }), [1], { factor: 8, because: 'it is a test' }),
    });
    const report = await runSuite(referenceBackend, { cases: slightly });
    expect(report.results.map(({ worst }) => Number(worst.toPrecision(2)))).toEqual([0.25, 0.05, 0.63]);
    expect(formatReport(report)).toMatch(/^ops .* 0\.63 in ops\/c$/m);
  });

  it('says which earlier failures may be the reason', async () => {
    const report = await runSuite(broken, {
      cases: defineCases('kernels', {
        floor: ({ backend, close }) => void close(floorOf(backend, 1.5, -1.5), [1, -2]),
        elsewhere: ({ backend, close }) => void close(add(tensor([1], undefined, { backend }), 1), [3]),
        both: ({ backend, close }) => void close(add(floorOf(backend, -0.5, 0.5), 1), [0, 1]),
      }),
    });
    const of = (id: string): CaseResult => report.results.find((result) => result.id === `kernels/${id}`)!;
    expect(of('floor').failure!.mayFollowFrom).toEqual([]);
    expect(of('elsewhere').failure!.mayFollowFrom).toEqual([]);
    expect(of('both').failure!.mayFollowFrom).toEqual(['kernels/floor', 'kernels/elsewhere']);
    expect(formatReport(report)).toContain('may follow from kernels/floor, kernels/elsewhere');
  });

  it('says in words what could not be checked', async () => {
    const silent = (): Backend => decorated(referenceBackend(), { live: undefined }) as unknown as Backend;
    const report = await runSuite(silent, { only: ['lifecycle/scope', 'ops/pad'] });
    expect(report.ok).toBe(true);
    expect(formatReport(report)).toContain('not checked:\n  reference has no live(): whether its buffers leak');
    expect(report.results.find(({ id }) => id === 'lifecycle/scope/nested')).toMatchObject({ status: 'skipped' });
  });
});

describe('nothing to run', () => {
  it.each([
    ['kernel', "did you mean 'kernels'?"],
    ['kernels/unary/flour', "did you mean 'kernels/unary/floor'?"],
    ['kernels/unary/floor/more', 'one of kernels/unary/floor'],
    ['kernels/unary/', "only: 'kernels/unary'"],
    ['zzz', /^one of contract, storage, kernels, /],
  ])('%s is refused', async (part, hint) => {
    await expect(runSuite(referenceBackend, { only: ['ops/pad', part] })).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      op: 'runSuite',
      facts: { only: ['ops/pad', part] },
      hint: typeof hint === 'string' ? hint : (expect.stringMatching(hint) as string),
    });
  });

  it('is no report that all is well', async () => {
    await expect(runSuite(referenceBackend, { only: [] })).rejects.toMatchObject({ code: 'ARGUMENT' });
    await expect(runSuite(referenceBackend, { cases: [] })).rejects.toMatchObject({ code: 'ARGUMENT' });
  });

  it('is refused before the tests of a runner are made', () => {
    const runner = { describe: (_: string, f: () => void) => f(), it: () => expect.unreachable() };
    expect(() => describeWith(runner, 'x', referenceBackend, { only: 'kernel' })).toThrow('[describeWith] no case');
  });

  it('keeps what the factory threw', async () => {
    const cause = new Error('no device');
    const failing = (): never => {
      throw cause;
    };
    await expect(runSuite(failing)).rejects.toMatchObject({ code: 'BACKEND_FAILED', cause });
  });
});

describe('known failures', () => {
  it('are not failures', async () => {
    const report = await runSuite(broken, { only, known: { 'kernels/unary/floor': 'the device truncates' } });
    expect(report.ok).toBe(true);
    expect(formatReport(report)).toContain('known to fail:\n  kernels/unary/floor: the device truncates');
  });

  it('fail when they pass', async () => {
    const report = await runSuite(referenceBackend, { only, known: { 'kernels/unary/floor': 'the device truncates' } });
    expect(report.ok).toBe(false);
    expect(report.results[0]).toMatchObject({ id: 'kernels/unary/floor', status: 'failed' });
    expect(report.results[0]!.failure!.message).toContain('stale');
  });

  it('fail when they name no case', async () => {
    const report = await runSuite(referenceBackend, { only, known: { 'kernels/unary/flour': 'misspelt' } });
    expect(report.ok).toBe(false);
    expect(formatReport(report)).toContain('kernels/unary/flour');
  });

  it('are read from lines of text', () => {
    expect(parseKnownFailures('# cpu\n\nops/pad: too slow: see 12\n  ops/clip:no\n')).toEqual({
      'ops/pad': 'too slow: see 12',
      'ops/clip': 'no',
    });
    expect(() => parseKnownFailures('ops/pad')).toThrow('line 1');
    expect(() => parseKnownFailures('ops/pad: a\nops/pad: b')).toThrow('line 2');
  });
});

describe('a case fails', () => {
  const run = (f: (t: Testing) => void, factory: () => Backend = referenceBackend): Promise<CaseResult> =>
    runCase(defineCases('ops', { test: f })[0]!, factory);
  const wait = (f: (t: Testing) => Promise<void>): Promise<CaseResult> =>
    runCase(defineCases('ops', { test: { wait: f } })[0]!, referenceBackend);
  const message = (result: CaseResult): string | undefined => result.failure?.message;

  it('when shapes, numbers, codes or types of errors differ', async () => {
    expect(
      message(await run(({ backend, close }) => void close(tensor([1, 2], undefined, { backend }), [[1, 2]]))),
    ).toContain('the shape is [2]');
    expect(
      message(await run(({ backend, close }) => void close(tensor([1], undefined, { backend }), [1.001]))),
    ).toContain('times the tolerance');
    expect(
      message(await run(({ backend, close }) => void close(tensor([NaN], undefined, { backend }), [1]))),
    ).toContain('NaN, expected 1');
    expect(message(await run(({ same }) => void same([1, 2], [1, 3])))).toContain('is not the same');
    expect(message(await run(({ throws }) => void throws('SHAPE', () => 1)))).toContain('nothing was thrown');
    expect(message(await run(({ throws }) => void throws('SHAPE', () => JSON.parse('{'))))).toContain(
      'got SyntaxError',
    );
    expect(
      message(
        await run(
          ({ backend, throws }) => void throws('SHAPE', () => add(tensor([1], undefined, { backend }), [] as never)),
        ),
      ),
    ).toContain('got NOT_A_TENSOR');
  });

  it('when it compares nothing', async () => {
    expect(message(await run(() => undefined))).toContain('compared nothing');
  });

  it('when it leaves a tensor behind', async () => {
    const result = await wait(async ({ backend, close }) => close(tensor([1], undefined, { backend }), [1]));
    expect(message(result)).toBe('1 handle was never freed');
  });

  it('when only the garbage collector freed a tensor', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const result = await wait(async ({ backend, same }) => {
      (() => tensor([1], undefined, { backend }))();
      for (let i = 0; i < 20 && backend.live!() > 0; i++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await same(1, 1);
    });
    expect(message(result)).toContain('the garbage collector found them');
  });

  it('when an input is changed, a handle given twice, or a handle freed twice', async () => {
    const shared = (): Backend => {
      const backend = referenceBackend();
      return decorated(backend, {
        binary(op, a, b, out) {
          a.handle.data[0] = 99;
          return op === 'mul' ? a.handle : backend.binary(op, a, b, out);
        },
      }) as unknown as Backend;
    };
    const on = (backend: Backend) => tensor([1, 2], undefined, { backend });
    expect(
      message(await run(({ backend, close }) => void close(add(on(backend), on(backend)), [100, 4]), shared)),
    ).toContain('an input changed');
    const twice = await wait(async ({ backend, same }) => {
      const handle = backend.fill(1, { shape: [2], dtype: 'float32' });
      backend.free(handle);
      backend.free(handle);
      await same(1, 1);
    });
    expect(message(twice)).toContain('freed twice');
  });

  it('when the factory gives no backend', async () => {
    const result = await run(
      ({ same }) => void same(1, 1),
      () => {
        throw new Error('no device');
      },
    );
    expect(message(result)).toContain('no device');
  });

  it('and the backend is disposed all the same', async () => {
    let disposed = 0;
    const counted = (): Backend =>
      decorated(referenceBackend(), { dispose: () => void disposed++ }) as unknown as Backend;
    await run(({ same }) => void same(1, 2), counted);
    await run(({ same }) => void same(1, 1), counted);
    expect(disposed).toBe(2);
  });
});

describe('an adapter', () => {
  it('gives every case a test, and skips with a reason', async () => {
    const outcomes: Record<string, string> = {};
    const tests: Promise<void>[] = [];
    const runner = {
      describe: (_: string, f: () => void) => f(),
      it(name: string, f: (context: { skip(reason: string): void }) => Promise<void>) {
        outcomes[name] = 'passed';
        const context = { skip: (reason: string) => void (outcomes[name] = reason) };
        tests.push(f(context).catch((error: Error) => void (outcomes[name] = error.message)));
      },
    };
    const cases: Case[] = [
      ...defineCases('ops', {
        good: ({ same }) => void same(1, 1),
        bad: ({ same }) => void same(1, 2),
        absent: { skip: () => 'not on this device', run: ({ same }) => void same(1, 1) },
        expected: ({ same }) => void same(1, 2),
      }),
    ];
    describeWith(runner, 'x', referenceBackend, {
      cases,
      known: { 'ops/expected': 'a flaw', 'ops/gone': 'an old flaw' },
    });
    await Promise.all(tests);
    expect(outcomes).toMatchObject({
      'ops/good': 'passed',
      'ops/absent': 'not on this device',
      'ops/expected': 'known to fail: a flaw',
      'every known failure names a case': 'there is no case ops/gone',
    });
    expect(outcomes['ops/bad']).toContain('✗ ops/bad');
  });
});

function floorOf(backend: Backend, ...values: number[]) {
  return floor(tensor(values, undefined, { backend }));
}

it('a backend whose dispose throws fails every case, and the report comes all the same', async () => {
  const factory = (): Backend => ({
    ...referenceBackend(),
    dispose() {
      throw new Error('the device is gone');
    },
  });
  const { ok, results } = await runSuite(factory, { only: 'kernels/cast' });
  expect(ok).toBe(false);
  for (const { status, failure } of results) {
    expect(status).toBe('failed');
    expect(failure!.message).toBe('dispose() threw (Error: the device is gone)');
  }
});
