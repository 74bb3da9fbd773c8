/**
 * Whole recurrences in one call, over random configurations: close to `cpu`, which computes in float64; and the bits of a
 * row are its own, in any batch, as a sequence or step by step.
 */
import { cpu } from '@recurra/backend-cpu';
import type { Backend, FusedSession, HostArray, Operand } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { wasm } from '../src/index.js';

type Given = { readonly data: Float32Array | Uint8Array; readonly shape: readonly number[] };
interface Kernel {
  run(spec: object, inputs: readonly (Operand | null)[]): Operand[];
  open(spec: object, params: readonly (Operand | null)[]): FusedSession<object>;
}
interface Configuration {
  readonly name: 'simpleRNN' | 'lstm' | 'gru';
  readonly dims: { batch: number; time: number; inputs: number; units: number };
  readonly spec: object;
  readonly inputs: readonly (Given | null)[];
}

function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435769) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

const units = [1, 2, 3, 5, 7, 8, 9, 16, 17, 24, 130];
const features = [1, 2, 4, 7, 42];
const batches = [1, 2, 3, 4, 5, 7, 9, 33];
const times = [1, 2, 3, 5, 9];
const activations = [
  'elu',
  'gelu',
  'hardSigmoid',
  'hardSilu',
  'hardTanh',
  'leakyRelu',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'silu',
  'softplus',
  'softsign',
];

/** What is masked is NaN. Plain: as it comes in a stream. */
function configuration(seed: number, plain = false): Configuration {
  const next = randomFrom(seed);
  for (let i = 0; i < 8; i++) next();
  const chance = (p: number): boolean => Math.abs(next()) < p;
  const one = <T>(of: readonly T[]): T => of[Math.floor(Math.abs(next()) * of.length) % of.length]!;
  const floats = (shape: readonly number[], scale = 1): Given => {
    const n = shape.reduce((size, k) => size * k, 1);
    return { data: Float32Array.from({ length: n }, () => scale * next()), shape };
  };
  const name = one(['simpleRNN', 'lstm', 'gru'] as const);
  const gates = { simpleRNN: 1, lstm: 4, gru: 3 }[name];
  const dims = { batch: one(batches), time: one(times), inputs: one(features), units: one(units) };
  const { batch: B, time: T, inputs: F, units: u } = dims;
  const resetAfter = chance(0.5);
  const option = (p: number): boolean => !plain && chance(p);
  const mask = option(0.5) ? Uint8Array.from({ length: B * T }, () => Number(chance(0.6))) : null;
  const x = floats([B, T, F]);
  mask?.forEach((valid, row) => valid || x.data.fill(NaN, row * F, row * F + F));
  const state = (): Given | null => (chance(0.5) ? floats([B, u]) : null);
  const bias = name === 'gru' && resetAfter ? [2, 3 * u] : [gates * u];
  // About as large as Keras draws them: larger ones make a recurrence chaotic.
  const size = (n: number): number => Math.min(1, 1.6 / Math.sqrt(n));
  return {
    name,
    dims,
    spec: {
      dims,
      activation: chance(0.6) ? 'tanh' : one(T > 3 ? ['sigmoid', 'softsign', 'hardTanh'] : activations),
      ...(name !== 'simpleRNN' && { recurrentActivation: chance(0.7) ? 'sigmoid' : 'hardSigmoid' }),
      ...(name === 'gru' && { resetAfter }),
      reverse: option(0.5),
      returnSequences: plain || chance(0.5),
      zeroOutputForMask: option(0.3),
    },
    inputs: [
      x,
      floats([F, gates * u], size(F)),
      floats([u, gates * u], size(u)),
      chance(0.8) ? floats(bias, 0.5) : null,
      state(),
      ...(name === 'lstm' ? [state()] : []),
      mask && { data: mask, shape: [B, T] },
    ],
  };
}

const kernelOf = (backend: Backend, name: Configuration['name']): Kernel => backend.fused![name] as unknown as Kernel;

function upload(backend: Backend, given: Given | null): Operand | null {
  if (given === null) return null;
  const dtype = given.data instanceof Uint8Array ? 'bool' : 'float32';
  return { handle: backend.upload(given.data, { shape: given.shape, dtype }), shape: given.shape, dtype };
}

function run(backend: Backend, { name, spec, inputs }: Configuration): HostArray[] {
  const operands = inputs.map((x) => upload(backend, x));
  const outputs = kernelOf(backend, name).run(spec, operands);
  const numbers = outputs.map((y) => backend.readSync!(y));
  for (const x of [...outputs, ...operands]) if (x) backend.free(x.handle);
  return numbers;
}

/** Row b of what has the batch first. */
function rowOf(c: Configuration, b: number): Configuration {
  const dims = { ...c.dims, batch: 1 };
  const cut = (x: Given): Given => {
    const n = x.data.length / c.dims.batch;
    return { data: x.data.slice(b * n, b * n + n), shape: [1, ...x.shape.slice(1)] };
  };
  return {
    ...c,
    dims,
    spec: { ...c.spec, dims },
    inputs: c.inputs.map((x, i) => (x !== null && (i === 0 || i > 3) ? cut(x) : x)),
  };
}

describe.each(['simd', 'relaxed'] as const)('fused recurrences, %s', async (build) => {
  const backend: Backend = await wasm({ relaxed: build === 'relaxed' });
  const exact = cpu();

  it('are close to float64', () => {
    for (let seed = 0; seed < 250; seed++) {
      const c = configuration(seed);
      const expected = run(exact, c);
      run(backend, c).forEach((y, i) => {
        expect(y.length).toBe(expected[i]!.length);
        const farthest = Array.from(y).reduce((d, v, j) => {
          const e = expected[i]![j]!;
          return v === e ? d : Math.max(d, Math.abs(v - e) / (1 + Math.abs(e)));
        }, 0);
        expect(farthest, `seed ${seed}, output ${i}`).toBeLessThan(4e-6);
      });
    }
    expect(backend.live!()).toBe(0);
  });

  it('give a row the same bits alone, in a batch and step by step', () => {
    for (let seed = 1000; seed < 1040; seed++) {
      const c = configuration(seed, true);
      const { time, inputs: F, units: u, batch } = c.dims;
      const [whole] = run(backend, c);
      for (const b of new Set([0, batch - 1])) {
        const row = rowOf(c, b);
        const expected = whole!.slice(b * time * u, (b + 1) * time * u);
        expect(run(backend, row)[0], `seed ${seed}`).toEqual(expected);

        const operands = row.inputs.map((x, i) => (i === 0 ? null : upload(backend, x)));
        const session = kernelOf(backend, c.name).open({ ...row.spec, dims: { ...row.dims, time: 1 } }, operands);
        for (const x of operands) if (x) backend.free(x.handle);
        const frame = new Float32Array(F);
        const out = new Float32Array(u);
        for (let t = 0; t < time; t++) {
          frame.set(row.inputs[0]!.data.subarray(t * F, t * F + F));
          session.step(frame, out);
          expect(out, `seed ${seed}, step ${t}`).toEqual(expected.slice(t * u, t * u + u));
        }
        session.close();
      }
    }
  });

  it('keep a session over a growth of memory', () => {
    const c = rowOf(configuration(1001, true), 0);
    const operands = c.inputs.map((x, i) => (i === 0 ? null : upload(backend, x)));
    const steps = (between: () => void): Float32Array => {
      const session = kernelOf(backend, c.name).open({ ...c.spec, dims: { ...c.dims, time: 1 } }, operands);
      const out = new Float32Array(c.dims.units);
      const frame = new Float32Array(c.dims.inputs).fill(0.5);
      session.step(frame, out);
      between();
      session.step(frame, out);
      session.close();
      return out;
    };
    const expected = steps(() => undefined);
    const shape = [2 ** 23];
    const grown = steps(() => {
      backend.free(backend.fill(1, { shape, dtype: 'float32' }));
    });
    expect(grown).toEqual(expected);
  });
});
