/** The fused recurrences against plain loops written from the equations, and against themselves cut into pieces. */
import type { GRUSpec, LSTMSpec } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { cpu } from '../src/index.js';
import { erf, expectClose, expectSame, numbers, random, randomFrom, upload, type X } from './support.js';

const backend = cpu();
const { simpleRNN, lstm, gru } = backend.fused as Required<NonNullable<typeof backend.fused>>;

const acts: Record<string, (x: number) => number> = {
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  leakyRelu: (x) => (x < 0 ? 0.2 * x : x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  softplus: (x) => Math.log1p(Math.exp(x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  exponential: Math.exp,
  hardSigmoid: (x) => Math.min(1, Math.max(0, x / 6 + 0.5)),
  hardSilu: (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5)),
  hardTanh: (x) => Math.min(1, Math.max(-1, x)),
};

type Kind = 'simpleRNN' | 'lstm' | 'gru after' | 'gru before';
const kinds: readonly Kind[] = ['simpleRNN', 'lstm', 'gru after', 'gru before'];
const gatesOf = { simpleRNN: 1, lstm: 4, 'gru after': 3, 'gru before': 3 } as const;

interface Problem {
  readonly kind: Kind;
  readonly spec: LSTMSpec & GRUSpec;
  readonly x: X;
  readonly kernel: X;
  readonly recurrent: X;
  readonly bias: X | null;
  readonly states: (X | null)[];
  readonly mask: X | null;
}
interface Options {
  readonly batch?: number;
  readonly time?: number;
  readonly inputs?: number;
  readonly units?: number;
  readonly activation?: string;
  readonly recurrentActivation?: string;
  readonly reverse?: boolean;
  readonly returnSequences?: boolean;
  readonly zeroOutputForMask?: boolean;
  readonly bias?: boolean;
  readonly states?: boolean;
  readonly mask?: readonly (readonly number[])[];
}

/** Random, unequal weights of about the size that initializers draw. */
function problem(kind: Kind, seed: number, o: Options = {}): Problem {
  const { batch = 3, time = 5, inputs: F = 4, units: u = 3 } = o;
  const gates = gatesOf[kind];
  const scale = Math.sqrt(3 / (F + u));
  const biasShape = kind === 'gru after' ? [2, 3 * u] : [gates * u];
  const state = (i: number): X | null => (o.states ? random(backend, [batch, u], seed + 50 + i) : null);
  return {
    kind,
    spec: {
      dims: { batch, time, inputs: F, units: u },
      activation: o.activation ?? 'tanh',
      recurrentActivation: o.recurrentActivation ?? 'sigmoid',
      resetAfter: kind === 'gru after',
      reverse: o.reverse ?? false,
      returnSequences: o.returnSequences ?? true,
      zeroOutputForMask: o.zeroOutputForMask ?? false,
    },
    x: random(backend, [batch, time, F], seed + 1, 2),
    kernel: random(backend, [F, gates * u], seed + 2, scale),
    recurrent: random(backend, [u, gates * u], seed + 3, scale),
    bias: o.bias === false ? null : random(backend, biasShape, seed + 4, 0.5),
    states: kind === 'lstm' ? [state(0), state(1)] : [state(0)],
    mask: o.mask ? upload(backend, [batch, time], o.mask.flat(), 'bool') : null,
  };
}

function run({ kind, spec, x, kernel, recurrent, bias, states, mask }: Problem): X[] {
  if (kind === 'lstm') return lstm.run(spec, [x, kernel, recurrent, bias, states[0]!, states[1]!, mask]);
  return (kind === 'simpleRNN' ? simpleRNN : gru).run(spec, [x, kernel, recurrent, bias, states[0]!, mask]);
}

/** The equations and the loop of Keras as they stand in the books, in double precision but for the states. */
function reference({ kind, spec, x, kernel, recurrent, bias, states, mask }: Problem): number[][] {
  const { batch, time, inputs: F, units: u } = spec.dims;
  const gates = gatesOf[kind];
  const act = acts[spec.activation]!;
  const ract = acts[spec.recurrentActivation]!;
  const W = (i: number, g: number, j: number): number => kernel.handle.data[i * gates * u + g * u + j]!;
  const U = (i: number, g: number, j: number): number => recurrent.handle.data[i * gates * u + g * u + j]!;
  const B = (g: number, j: number): number => bias?.handle.data[g * u + j] ?? 0;
  const rows = Array.from({ length: batch }, (_, b) => {
    const initial = (s: number): number[] =>
      Array.from({ length: u }, (_, j) => states[s]?.handle.data[b * u + j] ?? 0);
    let h = initial(0);
    let c = kind === 'lstm' ? initial(1) : [];
    let prev: number[] = h.map(() => 0);
    const ys: number[][] = [];
    for (let step = 0; step < time; step++) {
      const t = spec.reverse ? time - 1 - step : step;
      const xt = Array.from({ length: F }, (_, i) => x.handle.data[(b * time + t) * F + i]!);
      const dot = (
        v: readonly number[],
        M: (i: number, g: number, j: number) => number,
        g: number,
        j: number,
      ): number => v.reduce((sum, vi, i) => sum + vi * M(i, g, j), 0);
      const old = h;
      let next: number[];
      let cell: number[] = [];
      const all = (f: (j: number) => number): number[] => old.map((_, j) => f(j));
      const gate = (g: number): number[] =>
        all((j) => ract(dot(xt, W, g, j) + dot(old, U, g, j) + B(g, j) + second(g, j)));
      const second = (g: number, j: number): number => (kind === 'gru after' ? B(3 + g, j) : 0);
      if (kind === 'simpleRNN') {
        next = all((j) => act(dot(xt, W, 0, j) + dot(old, U, 0, j) + B(0, j)));
      } else if (kind === 'lstm') {
        const [i, f, o] = [gate(0), gate(1), gate(3)];
        const before = c;
        cell = all((j) =>
          Math.fround(f[j]! * before[j]! + i[j]! * act(dot(xt, W, 2, j) + dot(old, U, 2, j) + B(2, j))),
        );
        next = all((j) => o[j]! * act(cell[j]!));
      } else {
        const [z, r] = [gate(0), gate(1)];
        const reset = all((j) => r[j]! * old[j]!);
        const candidate = all((j) =>
          kind === 'gru after'
            ? act(dot(xt, W, 2, j) + B(2, j) + r[j]! * (dot(old, U, 2, j) + B(5, j)))
            : act(dot(xt, W, 2, j) + B(2, j) + dot(reset, U, 2, j)),
        );
        next = all((j) => z[j]! * old[j]! + (1 - z[j]!) * candidate[j]!);
      }
      next = next.map(Math.fround);
      const valid = mask === null || mask.handle.data[b * time + t] !== 0;
      ys.push(valid ? next : spec.zeroOutputForMask ? next.map(() => 0) : prev);
      if (valid) {
        h = next;
        c = cell;
        prev = next;
      }
    }
    const ordered = spec.reverse ? ys.toReversed() : ys;
    return { y: spec.returnSequences ? ordered.flat() : ys.at(-1)!, h, c };
  });
  const outputs = [rows.flatMap((row) => row.y), rows.flatMap((row) => row.h)];
  return kind === 'lstm' ? [...outputs, rows.flatMap((row) => row.c)] : outputs;
}

function check(p: Problem, tolerance = 2e-6): void {
  const actual = run(p);
  const { batch, time, units } = p.spec.dims;
  expect(actual.map((x) => x.shape)).toEqual([
    p.spec.returnSequences ? [batch, time, units] : [batch, units],
    ...p.states.map(() => [batch, units]),
  ]);
  reference(p).forEach((expected, i) => expectClose(numbers(actual[i]!), expected, tolerance));
}

const masks: Record<string, number[][]> = {
  right: [
    [1, 1, 1, 0, 0],
    [1, 1, 1, 1, 1],
    [1, 0, 0, 0, 0],
  ],
  left: [
    [0, 0, 1, 1, 1],
    [1, 1, 1, 1, 1],
    [0, 0, 0, 0, 1],
  ],
  middle: [
    [1, 0, 0, 1, 1],
    [0, 1, 0, 1, 0],
    [1, 1, 0, 1, 1],
  ],
  all: [
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1],
  ],
  none: [
    [0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ],
};

for (const kind of kinds) {
  describe(kind, () => {
    it('at odd sizes', () => {
      let seed = 0;
      for (const units of [1, 3, 5, 17, 130]) {
        for (const [batch, time, inputs] of [
          [1, 1, 1],
          [1, 7, 3],
          [2, 3, 5],
          [5, 2, 17],
          [3, 30, 1],
        ] as const) {
          check(problem(kind, ++seed, { units, batch, time, inputs }));
          check(problem(kind, ++seed, { units, batch, time, inputs, reverse: true, states: true, bias: false }));
        }
      }
    });

    it('over more steps than are projected at once', () => {
      check(problem(kind, 31, { time: 150, batch: 1, units: 6 }));
      check(problem(kind, 32, { time: 33, batch: 5, units: 6, reverse: true }));
      check(problem(kind, 33, { time: 2, batch: 130, units: 6, returnSequences: false }));
    });

    it('with every activation', () => {
      for (const activation of Object.keys(acts)) {
        check(problem(kind, 7, { activation, recurrentActivation: 'hardSigmoid', states: true }));
        check(problem(kind, 8, { recurrentActivation: activation }));
      }
      expect(simpleRNN.accepts(problem(kind, 0, { activation: 'toString' }).spec)).toContain("'toString'");
      expect(lstm.accepts(problem(kind, 0, { recurrentActivation: 'swirl' }).spec)).toContain("'swirl'");
      expect(gru.accepts(problem(kind, 0).spec)).toBe(true);
    });

    for (const [name, mask] of Object.entries(masks)) {
      it(`with a mask: ${name}`, () => {
        for (let choice = 0; choice < 16; choice++) {
          const p = problem(kind, choice, {
            mask,
            reverse: Boolean(choice & 1),
            returnSequences: Boolean(choice & 2),
            zeroOutputForMask: Boolean(choice & 4),
            states: Boolean(choice & 8),
          });
          check(p);
          // What is masked has no influence, be it NaN.
          const { data } = p.x.handle;
          mask.flat().forEach((valid, i) => valid || data.fill(NaN, i * 4, i * 4 + 4));
          check(p);
        }
      });
    }

    it('gives a row the same bits alone as in a batch', () => {
      const whole = problem(kind, 3, { batch: 5, time: 9, units: 7, states: true });
      const [y, h] = run(whole) as [X, X];
      for (let b = 0; b < 5; b++) {
        const cut = (x: X): X => {
          const n = x.handle.data.length / 5;
          return upload(backend, [1, ...x.shape.slice(1)], x.handle.data.slice(b * n, (b + 1) * n));
        };
        const alone = run({
          ...whole,
          x: cut(whole.x),
          states: whole.states.map((s) => cut(s!)),
          spec: { ...whole.spec, dims: { ...whole.spec.dims, batch: 1 } },
        });
        expectSame(alone[0]!.handle.data, y.handle.data.slice(b * 63, b * 63 + 63));
        expectSame(alone[1]!.handle.data, h.handle.data.slice(b * 7, b * 7 + 7));
      }
    });

    it('gives the same bits step by step as in one sequence', () => {
      const whole = problem(kind, 4, { batch: 2, time: 6, units: 5, states: true });
      const [y, ...last] = run(whole) as [X, ...X[]];
      let states: (X | null)[] = whole.states;
      for (let t = 0; t < 6; t++) {
        const frame = Array.from(whole.x.handle.data).filter((_, i) => Math.floor(i / 4) % 6 === t);
        const [yt, ...next] = run({
          ...whole,
          x: upload(backend, [2, 1, 4], frame),
          states,
          spec: { ...whole.spec, dims: { ...whole.spec.dims, time: 1 }, returnSequences: false },
        }) as [X, ...X[]];
        for (let b = 0; b < 2; b++) {
          const from = (b * 6 + t) * 5;
          expectSame(yt.handle.data.slice(b * 5, b * 5 + 5), y.handle.data.slice(from, from + 5));
        }
        states = next;
      }
      last.forEach((s, i) => expectSame(states[i]!.handle.data, s.handle.data));
    });

    it('over no steps leaves the state, over no rows gives nothing', () => {
      const p = problem(kind, 5, { time: 0, states: true });
      const [y, h] = run(p) as [X, X];
      expect(y.handle.data.length).toBe(0);
      expectSame(h.handle.data, p.states[0]!.handle.data);
      expect(run(problem(kind, 6, { batch: 0 })).map((x) => x.handle.data.length)).toEqual(
        [0, 0, 0].slice(0, kind === 'lstm' ? 3 : 2),
      );
    });

    it('leaves its inputs as they were', () => {
      const p = problem(kind, 9, { states: true, mask: masks['middle']! });
      const inputs = [p.x, p.kernel, p.recurrent, p.bias!, ...p.states, p.mask!].map((x) => x!.handle.data);
      const before = inputs.map((data) => data.slice());
      run(p);
      expect(inputs).toEqual(before);
    });
  });
}

describe('softmax', () => {
  it('over the last axis, far from 0 too', () => {
    for (const [rows, n] of [
      [1, 1],
      [3, 5],
      [17, 130],
      [0, 3],
    ] as const) {
      const next = randomFrom(n);
      const x = upload(
        backend,
        [rows, n],
        Array.from({ length: rows * n }, () => 300 + 30 * next()),
      );
      const [y] = backend.fused!.softmax!.run({ shape: [rows, n] }, [x]) as [X];
      expect(y.shape).toEqual([rows, n]);
      for (let r = 0; r < rows; r++) {
        const row = numbers(x).slice(r * n, (r + 1) * n);
        const total = row.reduce((sum, v) => sum + Math.exp(v - Math.max(...row)), 0);
        expectClose(
          numbers(y).slice(r * n, (r + 1) * n),
          row.map((v) => Math.exp(v - Math.max(...row)) / total),
          1e-7,
        );
      }
    }
  });

  it('gives 0 to −∞, and NaN where there is no answer', () => {
    const x = upload(backend, [4, 2], [-Infinity, 3, NaN, 1, -Infinity, -Infinity, Infinity, 0]);
    const [y] = backend.fused!.softmax!.run({ shape: [4, 2] }, [x]) as [X];
    expectSame(y.handle.data, [0, 1, NaN, NaN, NaN, NaN, NaN, NaN]);
  });
});
