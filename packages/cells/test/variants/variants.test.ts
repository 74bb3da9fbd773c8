/** What the variants promise beyond their numbers: Keras-like beginnings, the checks of the other cells, wrappers that wrap. */
import { cpu } from '@recurra/backend-cpu';
import {
  bidirectional,
  coupledLSTMCell,
  gruCell,
  layerNormLSTMCell,
  lstmCell,
  minimalGatedCell,
  peepholeLSTMCell,
  projectedLSTMCell,
  residual,
  rnn,
  stackedRNNCells,
  stream,
  zoneout,
  type Cell,
  type Floats,
} from '@recurra/cells';
import { withoutFused } from '@recurra/conformance-tests';
import {
  glorotUniform,
  leaves,
  RecurraError,
  setRandomSeed,
  slice,
  tensor,
  useBackend,
  type Backend,
  openFused,
} from '@recurra/core';
import { beforeEach, describe, expect, it } from 'vitest';

type Named = Readonly<Record<string, Floats>>;
type AnyCell = Cell<Named, Named>;

let backend: Backend;
beforeEach(async () => {
  backend = await useBackend(cpu());
  setRandomSeed(7);
});

const factories = {
  peepholeLSTMCell,
  projectedLSTMCell: (options: object) => projectedLSTMCell({ projectionUnits: 2, ...options } as never),
  layerNormLSTMCell,
  coupledLSTMCell,
  minimalGatedCell,
} as unknown as Record<string, (options: object) => AnyCell>;
const all = Object.entries(factories);
const lstmLike = all.filter(([name]) => name !== 'minimalGatedCell');
const everyCell: [string, () => AnyCell][] = [
  ...all.map(([name, make]): [string, () => AnyCell] => [name, () => make({ units: 4 })]),
  ['zoneout(lstmCell)', () => zoneout(lstmCell({ units: 4 }), { rates: { h: 0.2, c: 0.5 } })],
  ['residual(lstmCell)', () => residual(lstmCell({ units: 4 }))],
  ['residual(zoneout(gruCell))', () => residual(zoneout(gruCell({ units: 4 }), { rates: { h: 0.3 } }))],
] as [string, () => AnyCell][];

const input = (batch: number, time: number, features: number, seed = 3): Floats =>
  tensor(
    glorotUniform({ seed })([batch, time, features]).map((v) => v * 3),
    [batch, time, features],
  );
const numbersOf = (tree: unknown): number[][] => leaves(tree).map((x) => [...x.dataSync()]);

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

describe.each(everyCell)('%s', (name, make) => {
  it('has its name, takes what init made, and gives its units', () => {
    const cell = make();
    const params = cell.init(4);
    expect(cell.name).toBe(name);
    expect(cell.inputs(params)).toBe(4);
    const { outputs, state } = rnn(cell, params, input(2, 3, 4));
    expect(outputs.shape).toEqual([2, cell.units]);
    expect(leaves(state).map((s) => s.shape)).toEqual(leaves(cell.initialState(params, 2)).map((s) => s.shape));
    expect(numbersOf(state).flat().every(Number.isFinite)).toBe(true);
  });

  it('gives the same bits in two sequences with the state passed on, for a row alone, and frame by frame', () => {
    const cell = make();
    const params = cell.init(4);
    const x = input(3, 5, 4);
    const whole = rnn(cell, params, x, { returnSequences: true });
    const first = rnn(cell, params, slice(x, [0, 0], [-1, 2]));
    const second = rnn(cell, params, slice(x, [0, 2]), { returnSequences: true, initialState: first.state });
    expect(slice(whole.outputs, [0, 2]).dataSync()).toEqual(second.outputs.dataSync());
    expect(numbersOf(second.state)).toEqual(numbersOf(whole.state));

    const one = rnn(cell, params, slice(x, [1], [1]), { returnSequences: true });
    expect(one.outputs.dataSync()).toEqual(slice(whole.outputs, [1], [1]).dataSync());

    const live = stream(cell, params, { batch: 3 });
    for (let t = 0; t < 5; t++) {
      const frame = new Float32Array(slice(x, [0, t], [-1, 1]).dataSync());
      expect(live.step(frame)).toEqual(slice(whole.outputs, [0, t], [-1, 1]).dataSync());
    }
    live.dispose();
  });

  it('refuses what does not fit, with a code, and loses nothing', () => {
    const cell = make();
    const params = cell.init(4);
    const x = input(2, 3, 4);
    const wide = input(2, 3, 5);
    const flat = tensor([[1, 2, 3]]);
    expect(codeOf(() => rnn(cell, params, wide))).toBe('SHAPE');
    expect(codeOf(() => rnn(cell, {} as never, x))).toBe('NOT_A_TENSOR');
    expect(codeOf(() => rnn(cell, null as never, x))).toBe('ARGUMENT');
    expect(codeOf(() => rnn(cell, params, x, { initialState: { h: flat, c: flat } }))).toBe('SHAPE');
    expect(codeOf(() => rnn(cell, params, x, { initialState: {} }))).toBe('NOT_A_TENSOR');
    for (const key of Object.keys(params)) {
      expect(codeOf(() => rnn(cell, { ...params, [key]: flat }, x))).toBe('SHAPE');
      expect(codeOf(() => rnn(cell, { ...params, [key]: undefined } as never, x))).toBe('NOT_A_TENSOR');
    }
    expect(['ARGUMENT', 'SHAPE']).toContain(codeOf(() => cell.init(0)));
  });

  it('frees everything but its result', () => {
    const cell = make();
    const params = cell.init(4);
    const x = input(2, 6, 4);
    const before = backend.live!();
    for (const training of [false, true]) {
      const { outputs, state } = rnn(cell, params, x, { returnSequences: true, training });
      for (const y of [outputs, ...leaves(state)]) y.dispose();
      expect(backend.live!()).toBe(before);
    }
  });
});

describe.each(all)('%s', (name, make) => {
  it('checks its options', () => {
    for (const units of [0, -1, 1.5, NaN, '8', undefined]) expect(codeOf(() => make({ units }))).toBe('ARGUMENT');
    for (const [option, value, code] of [
      ['activation', 'tahn', 'UNKNOWN_NAME'],
      ['recurrentActivation', 'sigmoyd', 'UNKNOWN_NAME'],
      ['useBais', true, 'UNKNOWN_NAME'],
      ['kernelInitializer', 'glorot', 'UNKNOWN_NAME'],
      ['useBias', 1, 'ARGUMENT'],
      ['dropout', 1.5, 'ARGUMENT'],
      ['recurrentDropout', -0.1, 'ARGUMENT'],
      ['seed', 0.5, 'ARGUMENT'],
    ] as const) {
      expect(codeOf(() => make({ units: 2, [option]: value }))).toBe(code);
    }
  });

  it('has no bias where the options say so', () => {
    const cell = make({ units: 3, useBias: false });
    const params = cell.init(2);
    expect(params).not.toHaveProperty('bias');
    const bias = make({ units: 3 }).init(2)['bias']!;
    expect(codeOf(() => cell.check({ ...params, bias }, { batch: 1, inputs: 2 }))).toBe('ARGUMENT');
  });

  it('draws kernel and recurrent kernel as the cells of Keras do, and follows setRandomSeed', () => {
    setRandomSeed(42);
    const params = make({ units: 3 }).init(2);
    const [kernel, recurrent] = [params['kernel']!, params['recurrentKernel']!];
    setRandomSeed(42);
    expect([...kernel.dataSync()]).toEqual([...glorotUniform()(kernel.shape)]);
    // Orthogonal: its rows are, or its columns where it is taller than wide.
    const U = numbersOf(recurrent)[0]!;
    const n = recurrent.shape[1]!;
    const row = (i: number): number[] => U.slice(i * n, (i + 1) * n);
    const dot = (a: number[], b: number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    expect(dot(row(0), row(0))).toBeCloseTo(1, 5);
    expect(dot(row(0), row(1))).toBeCloseTo(0, 5);
  });

  it('counts the dropout masks of a call, and drops in training alone', () => {
    const gates = { coupledLSTMCell: 3, minimalGatedCell: 2 }[name] ?? 4;
    expect(make({ units: 3 }).draws).toBe(0);
    expect(make({ units: 3, dropout: 0.2 }).draws).toBe(1);
    expect(make({ units: 3, recurrentDropout: 0.2 }).draws).toBe(gates);
    const cell = make({ units: 3, dropout: 0.5, recurrentDropout: 0.5, seed: 1 });
    expect(cell.draws).toBe(2 * gates);
    const params = cell.init(4);
    const run = (options: object): number[][] => numbersOf(rnn(cell, params, input(2, 3, 4), options).outputs);
    expect(run({})).toEqual(numbersOf(rnn(make({ units: 3 }), params, input(2, 3, 4)).outputs));
    expect(run({ training: true })).toEqual(run({ training: true, dropoutCounter: 0 }));
    expect(run({ training: true })).not.toEqual(run({ training: true, dropoutCounter: 1 }));
    expect(run({ training: true })).not.toEqual(run({}));
  });

  it('works in a stack, in both directions, and with a residual', () => {
    const cell = make({ units: 4 });
    const stack = stackedRNNCells([cell, residual(lstmCell({ units: cell.units }))]);
    expect(rnn(stack, stack.init(3), input(2, 3, 3)).outputs.shape).toEqual([2, cell.units]);
    const layer = [cell, cell.init(3)] as const;
    const both = bidirectional({ forward: layer, backward: layer }, input(2, 3, 3), { returnSequences: true });
    expect(both.outputs.shape).toEqual([2, 3, 2 * cell.units]);
  });
});

describe('the beginnings', () => {
  it.each(lstmLike)('%s has a forget bias of one, unless told not to', (name, make) => {
    const bias = (options: object): number[] => {
      const params = make({ units: 2, ...options }).init(1);
      return [...params['bias']!.dataSync()];
    };
    const coupled = name === 'coupledLSTMCell';
    expect(bias({})).toEqual(coupled ? [-1, -1, 0, 0, 0, 0] : [0, 0, 1, 1, 0, 0, 0, 0]);
    expect(bias({ unitForgetBias: false })).toEqual(new Array(coupled ? 6 : 8).fill(0));
    const counting = (shape: readonly number[]): Float32Array =>
      Float32Array.from({ length: shape[0]! }, (_, i) => i + 5);
    expect(bias({ biasInitializer: counting })).toEqual(coupled ? [-1, -1, 5, 6, 7, 8] : [5, 6, 1, 1, 5, 6, 7, 8]);
    expect(codeOf(() => make({ units: 2, unitForgetBias: 1 }))).toBe('ARGUMENT');
    expect(codeOf(() => make({ units: 2, biasInitializer: () => new Float32Array(1) }).init(1))).toBe('ARGUMENT');
  });

  it('a minimal gated cell has no forget bias: its f lets the new in', () => {
    expect([...minimalGatedCell({ units: 2 }).init(1).bias!.dataSync()]).toEqual([0, 0, 0, 0]);
    expect(codeOf(() => minimalGatedCell({ units: 2, unitForgetBias: true } as never))).toBe('UNKNOWN_NAME');
  });

  it('peepholes lie within 1/√units and differ', () => {
    const p = peepholeLSTMCell({ units: 16 }).init(3).peepholeKernel.dataSync();
    expect(p.length).toBe(48);
    expect(p.every((v) => Math.abs(v) <= 0.25)).toBe(true);
    expect(new Set(p).size).toBeGreaterThan(40);
    const none = peepholeLSTMCell({ units: 3, peepholeInitializer: 'zeros' });
    const { peepholeKernel, ...params } = none.init(2);
    expect([...peepholeKernel.dataSync()]).toEqual(new Array(9).fill(0));
    const x = input(2, 4, 2);
    const [a, b] = [rnn(none, { ...params, peepholeKernel }, x), rnn(lstmCell({ units: 3 }), params, x)];
    b.outputs.dataSync().forEach((v, i) => expect(a.outputs.dataSync()[i]).toBeCloseTo(v, 6));
  });

  it('layer norm starts as the plain norm, and its ε must be above 0', () => {
    const params = layerNormLSTMCell({ units: 2 }).init(3);
    for (const name of ['kernel', 'recurrent', 'state'] as const) {
      expect(new Set(params[`${name}Gamma`].dataSync())).toEqual(new Set([1]));
      expect(new Set(params[`${name}Beta`].dataSync())).toEqual(new Set([0]));
    }
    for (const normEpsilon of [0, -1, NaN, Infinity, '1'])
      expect(codeOf(() => layerNormLSTMCell({ units: 2, normEpsilon } as never))).toBe('ARGUMENT');
    // Inputs of any size look the same to it.
    const cell = layerNormLSTMCell({ units: 8, normEpsilon: 1e-12 });
    const big = cell.init(3);
    const [a, b] = [1, 1000].map((by) => {
      const x = tensor(
        input(1, 1, 3)
          .dataSync()
          .map((v) => v * by),
        [1, 1, 3],
      );
      return rnn(cell, big, x).outputs.dataSync();
    }) as [Float32Array, Float32Array];
    a.forEach((v, i) => expect(b[i]).toBeCloseTo(v, 4));
  });

  it('a projection has a width of its own', () => {
    const cell = projectedLSTMCell({ units: 5, projectionUnits: 2 });
    const params = cell.init(3);
    expect(cell.units).toBe(2);
    expect(Object.values(params).map((p) => p.shape)).toEqual([[3, 20], [2, 20], [20], [5, 2]]);
    const { h, c } = cell.initialState(params, 3);
    expect([h.shape, c.shape]).toEqual([
      [3, 2],
      [3, 5],
    ]);
    for (const projectionUnits of [0, 2.5, undefined])
      expect(codeOf(() => projectedLSTMCell({ units: 3, projectionUnits } as never))).toBe('ARGUMENT');
  });
});

describe('zoneout', () => {
  const inner = (): ReturnType<typeof lstmCell> =>
    lstmCell({ units: 4, kernelInitializer: glorotUniform({ seed: 1 }) });
  const initialState = (): { h: Floats; c: Floats } => ({
    h: tensor([[0.5, -1, 2, 0.25]]),
    c: tensor([[1, -2, 3, 0.125]]),
  });

  it('at a rate of 0 is the cell itself, at 1 the state stays for ever', () => {
    const params = inner().init(3);
    const x = input(1, 4, 3);
    for (const training of [false, true]) {
      const run = (cell: AnyCell): number[][] =>
        numbersOf(rnn(cell, params, x, { initialState: initialState(), training, returnSequences: true }));
      const composed = { ...(inner() as unknown as AnyCell), sequence: () => null };
      expect(run(zoneout(inner(), { rates: { h: 0, c: 0 } }) as unknown as AnyCell)).toEqual(run(composed));
      const [outputs, h, c] = run(zoneout(inner(), { rates: { h: 1, c: 1 } }) as unknown as AnyCell);
      expect(h).toEqual([0.5, -1, 2, 0.25]);
      expect(c).toEqual([1, -2, 3, 0.125]);
      expect(outputs).toEqual([h, h, h, h].flat());
    }
  });

  it('in training keeps about as often as its rate says, anew for each step, unit and call', () => {
    const cell = zoneout(gruCell({ units: 20 }), { rates: { h: 0.3 }, seed: 5 });
    const params = cell.init(2);
    const x = input(3, 40, 2);
    const stays = (dropoutCounter: number): number[] => {
      const { outputs } = rnn(cell, params, x, { returnSequences: true, training: true, dropoutCounter });
      const y = outputs.dataSync();
      const at = (b: number, t: number, u: number): number => (t < 0 ? 0 : y[(b * 40 + t) * 20 + u]!);
      return Array.from(y, (_, i) => {
        const [b, t, u] = [Math.floor(i / 800), Math.floor(i / 20) % 40, i % 20];
        return at(b, t, u) === at(b, t - 1, u) ? 1 : 0;
      });
    };
    const first = stays(0);
    expect(first.reduce((a, b) => a + b) / first.length).toBeCloseTo(0.3, 1);
    expect(first).toEqual(stays(0));
    expect(first).not.toEqual(stays(1));
    expect(first.slice(0, 20)).not.toEqual(first.slice(20, 40));
    expect(first.slice(0, 800)).not.toEqual(first.slice(800, 1600));
  });

  it('draws after the cell, from a generator of its own', () => {
    const dropping = gruCell({ units: 2, dropout: 0.5 });
    expect(zoneout(dropping, { rates: { h: 0.1 } }).draws).toBe(2);
    expect(zoneout(dropping, { rates: {} }).draws).toBe(1);
    expect(zoneout(inner(), { rates: { h: 0, c: 0.5 } }).draws).toBe(1);
    const run = (seed?: number): number[][] => {
      const cell = zoneout(inner(), { rates: { c: 0.5 }, ...(seed !== undefined && { seed }) });
      const params = lstmCell({
        units: 4,
        recurrentInitializer: glorotUniform({ seed: 2 }),
        kernelInitializer: 'ones',
      });
      return numbersOf(rnn(cell, params.init(3), input(2, 6, 3), { training: true }).state);
    };
    setRandomSeed(3);
    const a = run();
    setRandomSeed(3);
    expect(run()).toEqual(a);
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('in a stack is as it is layer after layer', () => {
    const layer = (seed: number) => zoneout(gruCell({ units: 3 }), { rates: { h: 0.5 }, seed });
    const [lower, upper] = [layer(1), layer(2)];
    const x = input(2, 6, 3);
    const how = { returnSequences: true, training: true, dropoutCounter: 2 } as const;
    const stack = stackedRNNCells([lower, upper]);
    const params = stack.init(3);
    expect(stack.draws).toBe(2);
    const below = rnn(lower, params[0], x, how).outputs;
    const expected = rnn(upper, params[1], below, how).outputs.dataSync();
    expect(rnn(stack, params, x, how).outputs.dataSync()).toEqual(expected);
  });

  it('refuses rates, parts and cells that cannot be', () => {
    for (const rates of [null, 0.5, [0.5], { h: 2 }, { h: -0.1 }, { h: NaN }, { h: '0.1' }, undefined])
      expect(codeOf(() => zoneout(lstmCell({ units: 2 }), { rates } as never))).toBe('ARGUMENT');
    expect(codeOf(() => zoneout(lstmCell({ units: 2 }), { rates: {}, seed: 1.5 }))).toBe('ARGUMENT');
    expect(codeOf(() => zoneout(lstmCell({ units: 2 }), { rate: 0.1 } as never))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => zoneout(null as never, { rates: {} }))).toBe('ARGUMENT');
    const x = input(2, 3, 2);
    const gru = zoneout(gruCell({ units: 2 }), { rates: { c: 0.5 } } as never);
    const params = gru.init(2);
    expect(codeOf(() => rnn(gru, params, x))).toBe('ARGUMENT');
    const around = zoneout(residual(gruCell({ units: 2 })), { rates: { h: 0.5 } });
    expect(codeOf(() => rnn(around, params, x))).toBe('ARGUMENT');
    const stack = zoneout(stackedRNNCells([gruCell({ units: 2 })]) as never, { rates: { h: 0.5 } } as never);
    expect(codeOf(() => rnn(stack, [params] as never, x))).toBe('ARGUMENT');
  });
});

describe('residual', () => {
  it('adds the input, whichever way the cell runs', () => {
    const cell = residual(lstmCell({ units: 3 }));
    const x = input(2, 5, 3);
    for (const options of [
      {},
      { reverse: true },
      { returnSequences: true },
      { returnSequences: true, reverse: true },
    ]) {
      const [fused, composed] = [backend, withoutFused(backend)].map((on) => {
        setRandomSeed(1);
        const params = lstmCell({ units: 3 }).init(3, { backend: on });
        const y = rnn(cell, params, tensor(x.dataSync(), x.shape, { backend: on }), options);
        return [y.outputs, y.state.h, y.state.c].map((part) => part.dataSync());
      }) as [Float32Array[], Float32Array[]];
      fused.forEach((part, k) => part.forEach((v, i) => expect(v).toBeCloseTo(composed[k]![i]!, 6)));
    }
  });

  it('hands a sequence without masks to the cell, and with them goes step by step', () => {
    const inner = lstmCell({ units: 3 });
    const asked: boolean[] = [];
    const cell = residual({
      ...inner,
      sequence(...given) {
        asked.push(true);
        return inner.sequence!(...given);
      },
    } as typeof inner);
    const params = cell.init(3);
    rnn(cell, params, input(2, 3, 3));
    expect(asked).toEqual([true]);
    rnn(cell, params, input(2, 3, 3), {
      mask: tensor([
        [true, true, false],
        [true, true, true],
      ]),
    });
    expect(asked).toEqual([true]);
  });

  it('streams through the session of its cell, into the frame itself if asked to', () => {
    const inner = lstmCell({ units: 2 });
    const log: string[] = [];
    const session = {
      step: (frame: Float32Array, out: Float32Array) => out.set(frame.map((v) => v * 10)),
      state: () => ({ h: tensor([[1, 2]]), c: tensor([[3, 4]]) }),
      setState: (state?: unknown) => log.push(state === undefined ? 'reset' : 'set'),
      close: () => log.push('close'),
    };
    const cell = residual({ ...inner, open: () => session } as typeof inner);
    const live = stream(cell, cell.init(2));
    const frame = Float32Array.of(1, -2);
    expect([...live.step(frame)]).toEqual([11, -22]);
    expect([...live.step(frame, frame)]).toEqual([11, -22]);
    expect([...live.state().c.dataSync()]).toEqual([3, 4]);
    live.reset();
    live.dispose();
    expect(log).toEqual(['reset', 'close']);
    expect(
      residual(gruCell({ units: 2, activation: (x) => x })).open!(gruCell({ units: 2 }).init(2), 1, openFused),
    ).toBeNull();
  });

  it('refuses inputs that cannot be added to outputs', () => {
    const cell = residual(gruCell({ units: 3 }));
    expect(codeOf(() => cell.init(2))).toBe('SHAPE');
    const params = gruCell({ units: 3 }).init(2);
    const x = input(1, 2, 2);
    expect(codeOf(() => rnn(cell, params, x))).toBe('SHAPE');
    expect(codeOf(() => residual({} as never))).toBe('ARGUMENT');
  });
});
