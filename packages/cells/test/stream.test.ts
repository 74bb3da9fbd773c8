/** Streams: the numbers of `rnn`, frame by frame; composed and in fused kernels. */
import { cpu } from '@recurra/backend-cpu';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import {
  gruCell,
  lstmCell,
  residual,
  rnn,
  simpleRNNCell,
  stackedRNNCells,
  stream,
  type Cell,
  type Floats,
} from '@recurra/cells';
import { leaves, RecurraError, scope, tensor, type Backend, type Tree } from '@recurra/core';
import { normal } from '@recurra/core/random';
import { describe, expect, it } from 'vitest';

const engines: readonly [name: string, make: () => Backend][] = [
  ['cpu', () => cpu()],
  ['cpu, composed', () => withoutFused(cpu())],
  ['reference', referenceBackend],
];
const cells: readonly [name: string, make: () => Cell][] = [
  ['simpleRNN', () => simpleRNNCell({ units: 3 })],
  ['lstm', () => lstmCell({ units: 5, recurrentActivation: 'hardSigmoid', useBias: false })],
  ['gru', () => gruCell({ units: 3 })],
  ['gru, reset before', () => gruCell({ units: 3, resetAfter: false })],
  ['an activation of ones own', () => lstmCell({ units: 3, activation: (x: Floats) => x })],
  ['stack', () => stackedRNNCells([lstmCell({ units: 4 }), gruCell({ units: 3 }), simpleRNNCell({ units: 2 })])],
  [
    'half of a stack has no kernel',
    () => stackedRNNCells([lstmCell({ units: 4 }), gruCell({ units: 3, activation: (x: Floats) => x })]),
  ],
];
const [batch, time, inputs] = [3, 6, 4];

const code = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return error instanceof RecurraError ? error.code : `raw: ${String(error)}`;
  }
  return 'nothing';
};

describe.each(engines)('%s', (_, makeBackend) => {
  it.each(cells)('%s: bit for bit rnn', (__, makeCell) => {
    const backend = makeBackend();
    const cell = makeCell();
    const params = cell.init(inputs, { backend });
    const numbers = normal([batch, time, inputs], { seed: 5 }) as Float32Array;
    const first = scope(
      () => rnn(cell, params, tensor(normal([batch, 2, inputs], { seed: 6 }), [batch, 2, inputs], { backend })).state,
    );
    const whole = scope(() =>
      rnn(cell, params, tensor(numbers, [batch, time, inputs], { backend }), {
        returnSequences: true,
        initialState: first as Tree,
      }),
    );
    const expected = whole.outputs.dataSync();

    const live = stream(cell, params, { batch, initialState: first });
    leaves([params, first]).forEach((x) => x.dispose()); // what it needs is its own
    const out = new Float32Array(batch * cell.units);
    for (let round = 0; round < 2; round++) {
      const start = live.state();
      for (let t = 0; t < time; t++) {
        const frame = Float32Array.from(
          { length: batch * inputs },
          (___, i) => numbers[(Math.floor(i / inputs) * time + t) * inputs + (i % inputs)]!,
        );
        expect(live.step(frame, out)).toBe(out);
        for (let b = 0; b < batch; b++) {
          const at = (b * time + t) * cell.units;
          expect(out.subarray(b * cell.units, (b + 1) * cell.units)).toEqual(expected.subarray(at, at + cell.units));
        }
      }
      const after = live.state();
      expect(leaves(after).map((s) => s.dataSync())).toEqual(leaves(whole.state).map((s) => s.dataSync()));
      live.reset(start);
      leaves([start, after]).forEach((x) => x.dispose());
    }
    live.reset();
    const zeros = live.state();
    expect(leaves(zeros).every((s) => s.dataSync().every((v) => v === 0))).toBe(true);
    live.dispose();
    live.dispose();
    expect(code(() => live.step(new Float32Array(batch * inputs)))).toBe('DISPOSED');
    expect(code(() => live.state())).toBe('DISPOSED');
    leaves([zeros, whole]).forEach((x) => x.dispose());
    expect(backend.live!()).toBe(0);
  });

  it('says what does not fit, and goes on', () => {
    const backend = makeBackend();
    scope(() => {
      const cell = lstmCell({ units: 2 });
      const params = cell.init(inputs, { backend });
      const other = lstmCell({ units: 3 });
      expect(code(() => stream(cell, other.init(inputs, { backend }) as never))).toBe('SHAPE');
      expect(code(() => stream(cell, {} as never))).toBe('NOT_A_TENSOR');
      expect(code(() => stream({} as never, params as never))).toBe('ARGUMENT');
      expect(code(() => stream(cell, params, { batch: 0 }))).toBe('ARGUMENT');
      expect(code(() => stream(cell, params, { bath: 2 } as never))).toBe('UNKNOWN_NAME');
      expect(code(() => stream(cell, params, { batch: 2, initialState: cell.initialState(params, 1) }))).toBe('SHAPE');
      const live = stream(cell, params, { batch: 2 });
      expect(code(() => live.step(new Float32Array(7)))).toBe('SHAPE');
      expect(code(() => live.step(new Float32Array(8), new Float32Array(5)))).toBe('SHAPE');
      expect(code(() => live.step([0, 0] as never))).toBe('ARGUMENT');
      expect(code(() => live.reset(cell.initialState(params, 1)))).toBe('SHAPE');
      expect(live.step(new Float32Array(8))).toHaveLength(4);
      live.dispose();
    });
    expect(backend.live!()).toBe(0);
  });
});

it('a state of another backend leaves nothing open, and a stack that cannot be made no parameters', () => {
  const [here, there] = [cpu(), cpu()];
  const cell = gruCell({ units: 2 });
  const [params, elsewhere] = [cell.init(3, { backend: here }), cell.init(3, { backend: there })];
  const state = cell.initialState(elsewhere, 1);
  const [before, far] = [here.live!(), there.live!()];
  expect(code(() => stream(cell, params, { initialState: state }))).toBe('BACKEND_MIXED');
  const broken = stackedRNNCells([cell, residual(gruCell({ units: 5 }))]);
  expect(code(() => broken.init(3, { backend: here }))).toBe('SHAPE');
  expect([here.live!(), there.live!()]).toEqual([before, far]);
  leaves([params, elsewhere, state]).forEach((x) => x.dispose());
});

it('a device that cannot be read at once says so when the stream is made', () => {
  const { readSync: _, ...backend } = referenceBackend();
  scope(() => {
    const cell = gruCell({ units: 2 });
    const params = cell.init(3, { backend });
    expect(code(() => stream(cell, params))).toBe('BACKEND_ASYNC_ONLY');
  });
});
