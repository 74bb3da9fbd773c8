/** What `rnn` promises beyond the numbers of Keras: state passed on, masks of any dtype, nothing leaked, typed errors. */
import { cpu } from '@recurra/backend-cpu';
import { withoutFused } from '@recurra/conformance-tests';
import { gruCell, lstmCell, projectedLSTMCell, rnn, simpleRNNCell, type Floats } from '@recurra/cells';
import {
  glorotUniform,
  grad,
  leaves,
  ones,
  RecurraError,
  scope,
  slice,
  sum,
  tensor,
  useBackend,
  type Backend,
} from '@recurra/core';
import { beforeEach, describe, expect, it } from 'vitest';

let backend: Backend;
beforeEach(async () => {
  backend = await useBackend(cpu());
});

const seeded = {
  units: 5,
  kernelInitializer: glorotUniform({ seed: 1 }),
  recurrentInitializer: glorotUniform({ seed: 2 }),
};
const cells = [
  ['simpleRNN', simpleRNNCell(seeded)],
  ['lstm', lstmCell(seeded)],
  ['gru', gruCell(seeded)],
  ['gru, reset before', gruCell({ ...seeded, resetAfter: false })],
] as const;
const input = (batch: number, time: number, features: number): Floats =>
  tensor(
    glorotUniform({ seed: 3 })([batch, time, features]).map((v) => v * 3),
    [batch, time, features],
  );

/** The code of the error that `f` throws, and proof that it left nothing behind. */
function codeOf(f: () => unknown): string {
  const before = backend.live!();
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(RecurraError);
    expect(backend.live!()).toBe(before);
    return (error as RecurraError).code;
  }
  throw new Error('it did not throw');
}

describe.each(cells)('%s', (_, cell) => {
  // One signature for all of them: the union of four cells is not callable as one.
  const run = rnn as (
    c: unknown,
    p: unknown,
    x: Floats,
    o?: object,
  ) => { outputs: Floats; state: Record<string, Floats> };

  it('gives the same bits in one sequence and in two with the state passed on', () => {
    const params = cell.init(3);
    const x = input(2, 7, 3);
    const whole = run(cell, params, x, { returnSequences: true });
    const first = run(cell, params, slice(x, [0, 0], [-1, 4]), { returnSequences: true });
    const second = run(cell, params, slice(x, [0, 4]), { returnSequences: true, initialState: first.state });
    expect(slice(whole.outputs, [0, 4]).dataSync()).toEqual(second.outputs.dataSync());
    for (const key of Object.keys(whole.state))
      expect(whole.state[key]!.dataSync()).toEqual(second.state[key]!.dataSync());
  });

  it('gives the same bits for a row alone and in a batch', () => {
    const params = cell.init(3);
    const x = input(4, 6, 3);
    const all = run(cell, params, x).outputs;
    const one = run(cell, params, slice(x, [2], [1])).outputs;
    expect(slice(all, [2], [1]).dataSync()).toEqual(one.dataSync());
  });

  it('repeats the last output, keeps the state, and starts from 0 where a mask says so', () => {
    const params = cell.init(3);
    const x = input(1, 4, 3);
    const initialState = Object.fromEntries(
      Object.keys(cell.initialState(params as never, 1)).map((k) => [k, tensor([[9, 8, 7, 6, 5]])]),
    );
    const mask = tensor([[false, true, false, true]]);
    for (const on of [x, input(1, 4, 3)]) {
      const { outputs } = run(cell, params, on, { mask, initialState, returnSequences: true });
      const y = outputs.dataSync();
      expect([...y.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
      expect(y.subarray(10, 15)).toEqual(y.subarray(5, 10));
    }
    const none = run(cell, params, x, { mask: tensor([[0, 0, 0, 0]]), initialState });
    expect([...none.outputs.dataSync()]).toEqual([0, 0, 0, 0, 0]);
    for (const s of Object.values(none.state)) expect([...s.dataSync()]).toEqual([9, 8, 7, 6, 5]);
  });

  it('keeps what is masked out of the gradients, be it NaN', () => {
    const params = cell.init(2);
    const mask = tensor([[true, false, true]]);
    const of = (hidden: number) =>
      grad((p: typeof params) => {
        const x = tensor([1, 2, hidden, hidden, 0.5, 1], [1, 3, 2]);
        return sum(run(cell, p, x, { mask, returnSequences: true }).outputs);
      })(params);
    const [a, b] = [of(NaN), of(7)].map((g) => leaves(g).map((x) => x.dataSync()));
    expect(a).toEqual(b);
    expect(a!.flatMap((x) => [...x]).every(Number.isFinite)).toBe(true);
  });

  it('takes masks of any dtype and with a last axis of 1', () => {
    const params = cell.init(3);
    const x = input(2, 3, 3);
    const bits = [
      [true, false, true],
      [false, true, true],
    ];
    const expected = run(cell, params, x, { mask: tensor(bits) }).outputs.dataSync();
    const numbers = bits.map((row) => row.map((b) => (b ? -2 : 0)));
    for (const mask of [
      tensor(numbers),
      tensor(numbers, undefined, { dtype: 'int32' }),
      tensor(numbers.flat(), [2, 3, 1]),
    ]) {
      expect(run(cell, params, x, { mask }).outputs.dataSync()).toEqual(expected);
    }
  });

  it('composed or fused, frees everything but its result', () => {
    for (const on of [backend, withoutFused(backend)]) {
      const params = cell.init(3, { backend: on });
      const x = tensor(new Float32Array(2 * 50 * 3).fill(0.1), [2, 50, 3], { backend: on });
      const before = on.live!();
      const result = run(cell, params, x, {
        returnSequences: true,
        mask: tensor(new Uint8Array(100).fill(1), [2, 50], { dtype: 'bool', backend: on }),
      });
      expect(on.live!()).toBeLessThanOrEqual(before + 4);
      result.outputs.dispose();
      for (const s of Object.values(result.state)) s.dispose();
      expect(on.live!()).toBe(before + 1); // the mask
    }
  });

  it('refuses what does not fit, with a code, and loses nothing', () => {
    const params = cell.init(3);
    const other = cell.init(4);
    const x = input(2, 3, 3);
    const x0 = tensor([], [2, 0, 3], { dtype: 'float32' });
    const flat = tensor([[1, 2, 3]]);
    const ints = tensor(new Int32Array(18), [2, 3, 3]);
    const shortMask = tensor([[true, true]]);
    const elsewhere = tensor(new Float32Array(18), [2, 3, 3], { backend: cpu() });
    const gone = input(2, 3, 3);
    gone.dispose();
    expect(codeOf(() => run(cell, other, x))).toBe('SHAPE');
    expect(codeOf(() => run(cell, {}, x))).toBe('NOT_A_TENSOR');
    expect(codeOf(() => run(cell, null, x))).toBe('ARGUMENT');
    expect(codeOf(() => run(cell, params, x0))).toBe('EMPTY_SEQUENCE');
    expect(codeOf(() => run(cell, params, flat))).toBe('RANK');
    expect(codeOf(() => run(cell, params, ints as never))).toBe('DTYPE');
    expect(codeOf(() => run(cell, params, [[[1, 2, 3]]] as never))).toBe('NOT_A_TENSOR');
    expect(codeOf(() => run(cell, params, x, { mask: shortMask }))).toBe('SHAPE');
    expect(codeOf(() => run(cell, params, x, { mask: [[true]] }))).toBe('NOT_A_TENSOR');
    expect(codeOf(() => run(cell, params, x, { initialState: { h: flat, c: flat } }))).toBe('SHAPE');
    expect(codeOf(() => run(cell, params, x, { initialState: {} }))).toBe('NOT_A_TENSOR');
    expect(codeOf(() => run(cell, params, x, { reverse: 'yes' }))).toBe('ARGUMENT');
    expect(codeOf(() => run(cell, params, x, { returnSequence: true }))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => run(cell, params, elsewhere))).toBe('BACKEND_MIXED');
    expect(codeOf(() => run(cell, params, gone))).toBe('DISPOSED');
    expect(scope(() => run(cell, params, x).outputs.shape)).toEqual([2, 5]);
  });
});

describe('what belongs to the caller', () => {
  it('is left alone, though it goes through the state', () => {
    const own = tensor(new Float32Array(10).fill(0.5), [2, 5]);
    let calls = 0;
    const cell = simpleRNNCell({ ...seeded, activation: (z) => (calls++ === 0 ? own : slice(z, [], [])) });
    const { outputs, state } = rnn(cell, cell.init(3), input(2, 4, 3));
    outputs.dispose();
    state.h.dispose();
    expect(own.disposed).toBe(false);
  });

  it('is refused where an activation does not keep the shape', () => {
    const params = simpleRNNCell(seeded).init(3);
    const made = (activation: unknown) => simpleRNNCell({ ...seeded, activation } as never);
    const x = input(2, 4, 3);
    expect(
      codeOf(() =>
        rnn(
          made((z: Floats) => slice(z, [], [1])),
          params,
          x,
        ),
      ),
    ).toBe('SHAPE');
    expect(codeOf(() => rnn(made(Math.tanh), params, x))).toBe('NOT_A_TENSOR');
    expect(codeOf(() => rnn(null as never, params, x))).toBe('ARGUMENT');
    const bias = () => new Float32Array(3);
    expect(codeOf(() => lstmCell({ units: 2, biasInitializer: bias }).init(2))).toBe('ARGUMENT');
  });
});

describe('cell options', () => {
  it.each([simpleRNNCell, lstmCell, gruCell])('are checked: %o', (cell) => {
    for (const units of [0, -1, 1.5, NaN, '8', undefined])
      expect(codeOf(() => cell({ units } as never))).toBe('ARGUMENT');
    expect(codeOf(() => cell({ units: 2, activation: 'tahn' } as never))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => cell({ units: 2, useBais: true } as never))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => cell({ units: 2, kernelInitializer: 'glorot' } as never))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => cell({ units: 2, useBias: 1 } as never))).toBe('ARGUMENT');
    expect(codeOf(() => cell({ units: 2 }).init(0))).toBe('ARGUMENT');
  });

  it('starts an LSTM with a forget bias of one, unless told not to', () => {
    expect([...lstmCell({ units: 2 }).init(1).bias!.dataSync()]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect([...lstmCell({ units: 2, unitForgetBias: false }).init(1).bias!.dataSync()]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect([...lstmCell({ units: 1, biasInitializer: 'ones' }).init(1).bias!.dataSync()]).toEqual([1, 1, 1, 1]);
  });

  it('composes where the activation is a function of the user', () => {
    const named = simpleRNNCell({ ...seeded, activation: 'linear' });
    const own = simpleRNNCell({ ...seeded, activation: (x) => slice(x, [], []) });
    const params = named.init(3);
    const x = input(2, 3, 3);
    const a = rnn(named, params, x).outputs.dataSync();
    const b = rnn(own, params, x).outputs.dataSync();
    b.forEach((v, i) => expect(Math.abs(v - a[i]!)).toBeLessThan(1e-6));
  });
});

describe('what comes from Keras or from another cell', () => {
  const codeAndText = (f: () => unknown): string => {
    try {
      f();
    } catch (error) {
      return `${(error as RecurraError).code} ${(error as Error).message}`;
    }
    return 'nothing';
  };
  it('is told apart', () => {
    scope(() => {
      const cell = lstmCell({ units: 4 });
      const other = projectedLSTMCell({ units: 4, projectionUnits: 4 }).init(3, { backend });
      const x = ones([1, 2, 3], { backend });
      expect(codeAndText(() => rnn(cell, other, x))).toMatch(/UNKNOWN_NAME .*projectionKernel/);
      expect(codeAndText(() => rnn(cell, [other.kernel] as never, x))).toMatch(
        /ARGUMENT .*kernel, recurrentKernel, bias/s,
      );
      for (const option of ['return_sequences', 'returnState', 'go_backwards', 'stateful', 'mask', 'training']) {
        expect(codeAndText(() => lstmCell({ units: 4, [option]: true } as never))).toMatch(/UNKNOWN_NAME .*rnn\(cell/s);
      }
    });
    expect(backend.live!()).toBe(0);
  });
});
