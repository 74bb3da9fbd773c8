/** Sessions give the bits of whole sequences, and cost no memory per step. */
import type { FusedSession, Operand } from '@recurra/core';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cpu, type CpuBuffer } from '../src/index.js';
import { expectSame, random, randomFrom, upload, type X } from './support.js';

const backend = cpu();

const activations = (
  'linear tanh sigmoid relu relu6 leakyRelu elu selu silu gelu mish softplus softsign exponential ' +
  'hardSigmoid hardSilu hardTanh'
).split(' ');
const kinds = ['simpleRNN', 'lstm', 'gru after', 'gru before'] as const;
type Kind = (typeof kinds)[number];

interface Kernel {
  run(spec: unknown, inputs: readonly (X | null)[]): X[];
  open(spec: unknown, params: readonly (X | null)[]): FusedSession<CpuBuffer>;
}

interface Problem {
  readonly kernel: Kernel;
  readonly sizes: readonly [batch: number, time: number, features: number, units: number];
  readonly spec: object;
  readonly x: X;
  /** All but x. */
  readonly params: readonly (X | null)[];
}

function problem(
  kind: Kind,
  seed: number,
  sizes: Problem['sizes'],
  [act, ract]: readonly [string, string] = ['tanh', 'sigmoid'],
  { bias = true, states = true } = {},
): Problem {
  const [batch, time, features, units] = sizes;
  const gates = { simpleRNN: 1, lstm: 4, 'gru after': 3, 'gru before': 3 }[kind];
  const scale = Math.sqrt(3 / (features + units));
  const initial = (i: number): X | null => (states ? random(backend, [batch, units], seed + 50 + i) : null);
  const kernels = backend.fused as unknown as Record<string, Kernel>;
  return {
    kernel: kernels[kind.split(' ')[0]!]!,
    sizes,
    spec: {
      dims: { batch, time, inputs: features, units },
      activation: act,
      recurrentActivation: ract,
      resetAfter: kind === 'gru after',
      reverse: false,
      returnSequences: true,
      zeroOutputForMask: false,
    },
    x: random(backend, [batch, time, features], seed + 1, 2),
    params: [
      random(backend, [features, gates * units], seed + 2, scale),
      random(backend, [units, gates * units], seed + 3, scale),
      bias ? random(backend, kind === 'gru after' ? [2, 3 * units] : [gates * units], seed + 4, 0.5) : null,
      ...(kind === 'lstm' ? [initial(0), initial(1)] : [initial(0)]),
      null,
    ],
  };
}

const whole = ({ kernel, spec, x, params }: Problem): X[] => kernel.run(spec, [x, ...params]);

function open({ kernel, spec, sizes, params }: Problem): FusedSession<CpuBuffer> {
  const [batch, , inputs, units] = sizes;
  const dims = { batch, time: 1, inputs, units };
  return kernel.open({ ...spec, dims, returnSequences: false }, [null, ...params]);
}

/** Steps of x, from one time to another; the outputs as [B, T, u] of those times. */
function steps(session: FusedSession<CpuBuffer>, { sizes, x }: Problem, from = 0, to = sizes[1]): Float32Array {
  const [batch, time, features, units] = sizes;
  const y = new Float32Array(batch * (to - from) * units);
  const frame = new Float32Array(batch * features);
  const out = new Float32Array(batch * units);
  for (let t = from; t < to; t++) {
    frame.forEach((_, i) => {
      frame[i] = x.handle.data[(Math.floor(i / features) * time + t) * features + (i % features)]!;
    });
    session.step(frame, out);
    out.forEach((v, i) => {
      y[(Math.floor(i / units) * (to - from) + t - from) * units + (i % units)] = v;
    });
  }
  return y;
}

const free = (xs: readonly (Operand<CpuBuffer> | null)[]): void => {
  for (const x of xs) if (x !== null) backend.free(x.handle);
};

describe.each(kinds)('a session of %s', (kind) => {
  it('gives the bits of the whole sequence', () => {
    const before = backend.live!();
    const next = randomFrom(77);
    const upTo = (n: number): number => 1 + Math.floor(((next() + 1) / 2) * n);
    for (let round = 0; round < 150; round++) {
      // Units beside the width of a panel; every eighth time many.
      const units = round % 8 === 0 ? 30 + upTo(40) : upTo(13);
      const names = [activations[upTo(17) - 1]!, activations[upTo(17) - 1]!] as const;
      const options = { bias: next() > -0.5, states: next() > 0 };
      const p = problem(kind, 1000 + round, [upTo(9), upTo(12), upTo(19), units], names, options);
      const session = open(p);
      const [y, ...states] = whole(p) as [X, ...X[]];
      expectSame(steps(session, p), y.handle.data);
      const after = session.state();
      expect(after.map((s) => s.shape)).toEqual(states.map((s) => s.shape));
      after.forEach((s, i) => expectSame(s.handle.data, states[i]!.handle.data));
      session.close();
      free([y, ...states, ...after, p.x, ...p.params]);
    }
    expect(backend.live!()).toBe(before);
  });

  it('gives them with every activation, and with numbers that overflow', () => {
    activations.forEach((name, i) => {
      for (const names of [
        [name, 'sigmoid'],
        ['tanh', name],
      ] as const) {
        const p = problem(kind, 300 + i, [2, 40, 3, 5], names);
        expectSame(steps(open(p), p), whole(p)[0]!.handle.data);
      }
    });
  });

  it('begins anywhere: set to the state of a sequence it goes on as the sequence does', () => {
    const p = problem(kind, 5, [3, 9, 4, 6]);
    const session = open(p);
    const first = steps(session, p, 0, 4);
    const state = session.state();
    const second = steps(session, p, 4);
    const other = open(problem(kind, 6, [3, 9, 4, 6]));
    other.setState(state);
    session.setState(state);
    expectSame(steps(session, p, 4), second);
    session.setState(state.map(() => null));
    for (const s of session.state()) expectSame(s.handle.data, new Array(18).fill(0));
    // Another session has other weights.
    expect(Array.from(steps(other, p, 4))).not.toEqual(Array.from(second));
    expect(first.length).toBe(3 * 4 * 6);
  });

  it('takes and gives doubles too, and one array for both', () => {
    const p = problem(kind, 7, [2, 1, 5, 5]);
    const expected = whole(p)[1]!.handle.data;
    const frame = Float64Array.from(p.x.handle.data);
    open(p).step(frame, frame);
    expectSame(frame, expected);
  });

  it('needs none of what it was opened with', () => {
    const p = problem(kind, 8, [2, 6, 3, 7]);
    const y = whole(p)[0]!.handle.data.slice();
    const session = open(p);
    free(p.params);
    for (const param of p.params)
      if (param !== null)
        upload(
          backend,
          param.shape,
          param.handle.data.map(() => NaN),
        );
    backend.dispose!();
    expectSame(steps(session, p), y);
  });

  it('goes on beside sequences and other sessions', () => {
    const p = problem(kind, 9, [2, 6, 3, 7]);
    const other = problem(kind, 10, [4, 5, 9, 11]);
    const y = whole(p)[0]!.handle.data;
    const [session, beside] = [open(p), open(other)];
    for (let t = 0; t < 6; t++) {
      const yt = steps(session, p, t, t + 1);
      for (let b = 0; b < 2; b++) {
        const at = (b * 6 + t) * 7;
        expectSame(yt.slice(b * 7, b * 7 + 7), y.slice(at, at + 7));
      }
      steps(beside, other, 0, 2);
      whole(other);
    }
  });

  it('counts its states as handles, and nothing else; closed, it does nothing more', () => {
    const p = problem(kind, 11, [2, 2, 3, 4]);
    const before = backend.live!();
    const session = open(p);
    steps(session, p);
    expect(backend.live!()).toBe(before);
    const state = session.state();
    expect(backend.live!()).toBe(before + (kind === 'lstm' ? 2 : 1));
    free(state);
    session.close();
    session.close();
    expect(backend.live!()).toBe(before);
    const out = new Float32Array(8);
    expect(() => session.step(new Float32Array(6), out)).toThrow('closed');
    expect(() => session.state()).toThrow('closed');
    expect(() => session.setState([])).toThrow('closed');
  });

  it('may have no rows', () => {
    const p = problem(kind, 12, [0, 1, 3, 4]);
    expect(steps(open(p), p).length).toBe(0);
  });
});

it('opens no softmax', () => {
  expect(backend.fused!.softmax!.open).toBeUndefined();
});

describe('the heap', () => {
  const measured = (...args: string[]): [string, number][] => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const program = ['tools/run.mjs', 'packages/backend-cpu/test/stream-allocations.ts'];
    const { stdout, stderr } = spawnSync(process.execPath, [...program, ...args], { cwd: root, encoding: 'utf8' });
    if (!stdout) throw new Error(stderr);
    return Object.entries(JSON.parse(stdout) as Record<string, number>);
  };

  // The smallest object has eight bytes.
  const million = process.env['RECURRA_TESTS'] === 'whole';
  it(`is left alone by ${million ? 'a million' : 'a hundred thousand'} steps`, () => {
    const found = measured(...(million ? [] : ['short']));
    expect(found.length).toBe(24);
    expect(found.filter(([, bytes]) => !(bytes < 1))).toEqual([]);
  }, 60_000);

  it.each(million ? ['simpleRNN', 'lstm', 'gru after'] : ['lstm'])(
    'is left alone by %s in a process of its own',
    (kind) => {
      const found = measured(kind);
      expect(found.length).toBe(2);
      expect(found.filter(([, bytes]) => !(bytes < 1))).toEqual([]);
    },
  );

  it('would show a step that makes one object', () => {
    const found = measured('wasteful');
    expect(found.length).toBe(8);
    expect(found.filter(([, bytes]) => bytes < 8)).toEqual([]);
  }, 60_000);
});
