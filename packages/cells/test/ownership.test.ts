/** Whose tensors are whose where a cell hands a part of its state on, a reset fails, or a stream ends inside its own step. */
import { runInNewContext } from 'node:vm';
import { cpu } from '@recurra/backend-cpu';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import {
  gruCell,
  lstmCell,
  rnn,
  segments,
  simpleRNNCell,
  stackedRNNCells,
  stream,
  type Cell,
  type Floats,
  type Stream,
} from '@recurra/cells';
import {
  add,
  grad,
  leaves,
  matmul,
  RecurraError,
  reshape,
  scope,
  sum,
  tanh,
  tensor,
  zeros,
  type Backend,
} from '@recurra/core';
import { normal } from '@recurra/core/random';
import { describe, expect, it } from 'vitest';

const engines: readonly [name: string, make: () => Backend][] = [
  ['cpu', () => cpu()],
  ['cpu, composed', () => withoutFused(cpu())],
  ['reference', referenceBackend],
];
const numbers = (shape: readonly number[], seed: number): Float32Array => normal(shape, { seed }) as Float32Array;
const code = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return error instanceof RecurraError ? error.code : `raw: ${String(error)}`;
  }
  return 'nothing';
};

type Context = { readonly h: Floats; readonly k: Floats };
type Weights = { readonly kernel: Floats };
/** h_t = tanh(x·W + h_{t−1} + k), where k is a context that each step hands on as it is. */
const inContext: Cell<Weights, Context, Weights> = {
  name: 'inContext',
  units: 2,
  draws: 0,
  init: (inputs, options) => ({ kernel: tensor(numbers([inputs, 2], 1), [inputs, 2], options) }),
  inputs: ({ kernel }) => kernel.shape[0]!,
  initialState: ({ kernel: { backend } }, batch) => ({
    h: zeros([batch, 2], { backend }),
    k: zeros([batch, 2], { backend }),
  }),
  check: () => undefined,
  begin: (params) => params,
  project: ({ kernel }, x) => matmul(x, kernel),
  step(_, z, { h, k }) {
    const next = tanh(add(z, add(h, k)));
    return [next, { h: next, k }];
  },
};

/** The same with a way of its own through a sequence, of one step. */
const atOnce: typeof inContext = {
  ...inContext,
  sequence(params, x, state, { returnSequences }) {
    const [batch, time] = x.shape as [number, number];
    if (time !== 1 || returnSequences) return null;
    const [outputs, after] = inContext.step(
      params,
      reshape(inContext.project(params, x), [batch, 2]),
      state ?? inContext.initialState(params, batch),
    );
    return { outputs: reshape(outputs, [batch, 2]), state: after };
  },
};

describe.each(engines)('%s', (_, make) => {
  it.each([
    ['step by step', inContext],
    ['at once', atOnce],
  ] as const)('a part of the state that is handed on lasts as long as the stream, %s', (__, cell) => {
    const backend = make();
    const [batch, time, inputs] = [3, 5, 4];
    const params = cell.init(inputs, { backend });
    const of = (shape: number[], seed: number): Floats => tensor(numbers(shape, seed), shape, { backend });
    const initialState = { h: of([batch, 2], 2), k: of([batch, 2], 3) };
    const frames = Array.from({ length: time }, (___, t) => numbers([batch, inputs], 10 + t));
    const live = stream(cell, params, { batch, initialState });
    let state: Context = initialState;
    for (const frame of frames) {
      const expected = scope(() =>
        rnn(cell, params, tensor(frame, [batch, 1, inputs], { backend }), { initialState: state }),
      );
      expect(live.step(frame)).toEqual(expected.outputs.dataSync());
      expected.outputs.dispose();
      leaves(state).forEach((x) => x.dispose());
      ({ state } = expected);
    }
    const last = live.state();
    expect(last.k.dataSync()).toEqual(numbers([batch, 2], 3));
    expect(last.h.dataSync()).toEqual(state.h.dataSync());
    live.reset(last);
    live.step(frames[0]!);
    live.dispose();
    expect(last.k.disposed).toBe(false);
    leaves([params, state, last]).forEach((x) => x.dispose());
    expect(backend.live!()).toBe(0);
  });

  it.each([null, segments(2)])('what rnn gives is not what it was given, checkpoint %o', (checkpoint) => {
    const backend = make();
    const params = inContext.init(4, { backend });
    const initialState = { h: zeros([1, 2], { backend }), k: tensor([[1, -2]], [1, 2], { backend }) };
    const x = tensor(numbers([1, 3, 4], 5), [1, 3, 4], { backend });
    const { outputs, state } = rnn(inContext, params, x, { initialState, checkpoint });
    leaves([outputs, state]).forEach((y) => y.dispose());
    expect(leaves([params, initialState, x]).map((y) => y.disposed)).toEqual([false, false, false, false]);
    // The gradient goes through what is handed on.
    const g = grad((k: Floats) => sum(rnn(inContext, params, x, { initialState: { ...initialState, k } }).state.k))(
      initialState.k,
    );
    expect([...g.dataSync()]).toEqual([1, 1]);
    leaves([params, initialState, x, g]).forEach((y) => y.dispose());
    expect(backend.live!()).toBe(0);
  });

  it('a state of another backend is refused at once, and the stream goes on from its own', () => {
    const [here, there] = [make(), make()];
    for (const cell of [lstmCell({ units: 2 }), stackedRNNCells([lstmCell({ units: 2 }), gruCell({ units: 3 })])]) {
      const any = cell as unknown as Cell<object & never, object & never>;
      const [params, elsewhere] = [any.init(4, { backend: here }), any.init(4, { backend: there })];
      const far = any.initialState(elsewhere, 1);
      expect(code(() => stream(any, params, { initialState: far }))).toBe('BACKEND_MIXED');
      const live: Stream<unknown> = stream(any, params);
      const [a, b] = [numbers([1, 4], 6), numbers([1, 4], 7)];
      live.step(a);
      const before = live.state();
      const expected = live.step(b);
      live.reset(before);
      expect(code(() => live.reset(far))).toBe('BACKEND_MIXED');
      // Only the last part is wrong: the first must not have been taken over.
      const half = Array.isArray(before)
        ? [scope(() => (any.initialState(params, 1) as unknown as object[])[0]), (far as unknown as object[])[1]]
        : { ...(before as object), c: (far as unknown as { c: Floats }).c };
      expect(code(() => live.reset(half))).toBe('BACKEND_MIXED');
      expect(live.step(b)).toEqual(expected);
      live.dispose();
      leaves([params, elsewhere, far, before, half]).forEach((x) => x.dispose());
    }
    expect([here.live!(), there.live!()]).toEqual([0, 0]);
  });

  it('a state of another cell is refused, though the names it shares would do', () => {
    const backend = make();
    scope(() => {
      const cell = gruCell({ units: 2 });
      const params = cell.init(4, { backend });
      const ofLSTM = { h: zeros([1, 2], { backend }), c: zeros([1, 2], { backend }) };
      const x = zeros([1, 3, 4], { backend });
      expect(code(() => rnn(cell, params, x, { initialState: ofLSTM }))).toBe('UNKNOWN_NAME');
      expect(code(() => stream(cell, params, { initialState: ofLSTM }))).toBe('UNKNOWN_NAME');
      const live = stream(cell, params);
      expect(code(() => live.reset(ofLSTM))).toBe('UNKNOWN_NAME');
      live.reset({ h: ofLSTM.h });
      live.dispose();
      const stacked = stackedRNNCells([cell]);
      const both = stream(stacked, [params] as never);
      expect(code(() => both.reset([{ h: ofLSTM.h }, { h: ofLSTM.h }] as never))).toBe('UNKNOWN_NAME');
      both.dispose();
    });
    expect(backend.live!()).toBe(0);
  });

  it('a stream that is disposed inside its own step leaves nothing', () => {
    const backend = make();
    let live: Stream<unknown> | undefined;
    let at = 0;
    const activation = (x: Floats): Floats => {
      if (++at === 3) live!.dispose();
      return tanh(x);
    };
    const cell = simpleRNNCell({ units: 2, activation });
    const params = cell.init(4, { backend });
    live = stream(cell, params);
    for (let t = 0; t < 3; t++) live.step(numbers([1, 4], t));
    expect(code(() => live!.step(numbers([1, 4], 3)))).toBe('DISPOSED');
    leaves(params).forEach((x) => x.dispose());
    expect(backend.live!()).toBe(0);
  });

  it('frames may be of another realm, and are not proxies', () => {
    const backend = make();
    const cell = gruCell({ units: 2 });
    const params = cell.init(4, { backend });
    const live = stream(cell, params);
    const start = live.state();
    const expected = live.step(Float32Array.of(1, -2, 3, 0.5));
    live.reset(start);
    const foreign = runInNewContext('Float32Array.of(1, -2, 3, 0.5)') as Float32Array;
    expect(foreign).not.toBeInstanceOf(Float32Array);
    expect(live.step(foreign)).toEqual(expected);
    expect(code(() => live.step(new Proxy(new Float32Array(4), {})))).toBe('ARGUMENT');
    live.dispose();
    leaves([params, start]).forEach((x) => x.dispose());
    expect(backend.live!()).toBe(0);
  });

  it('a long sequence holds no more at its end than at its beginning', () => {
    const backend = make();
    const held: number[] = [];
    const activation = (x: Floats): Floats => {
      held.push(backend.live!());
      return tanh(x);
    };
    const cell = simpleRNNCell({ units: 2, activation });
    const params = cell.init(4, { backend });
    const made = scope(() => rnn(cell, params, tensor(numbers([1, 30, 4], 1), [1, 30, 4], { backend })));
    expect(new Set(held.slice(2)).size).toBe(1);
    leaves([params, made]).forEach((x) => x.dispose());
    expect(backend.live!()).toBe(0);
  });
});
