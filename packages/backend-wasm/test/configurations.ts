/** Recurrences at random: kinds, sizes, options, masks and numbers from a seed. */
import { sizeOf, type Backend, type FusedSession, type HostArray, type Operand } from '@recurra/core';

export type Given = { readonly data: Float32Array | Uint8Array; readonly shape: readonly number[] };
export type Operands = readonly (Operand | null)[];
export interface Kernel {
  run(spec: object, inputs: Operands): Operand[];
  runForGradient(spec: object, inputs: Operands): { outputs: Operand[]; residuals: Operand[] };
  vjp(
    spec: object,
    inputs: Operands,
    outputs: Operands,
    residuals: Operands,
    grads: Operands,
    needs: readonly boolean[],
  ): (Operand | null)[];
  open(spec: object, params: Operands): FusedSession<object>;
}
export interface Configuration {
  readonly name: 'simpleRNN' | 'lstm' | 'gru';
  readonly dims: { batch: number; time: number; inputs: number; units: number };
  readonly spec: object;
  readonly inputs: readonly (Given | null)[];
}

export function randomFrom(seed: number): () => number {
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
export function configuration(seed: number, plain = false): Configuration {
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

export const kernelOf = (backend: Backend, name: Configuration['name']): Kernel =>
  backend.fused![name] as unknown as Kernel;

export function upload(backend: Backend, given: Given | null): Operand | null {
  if (given === null) return null;
  const dtype = given.data instanceof Uint8Array ? 'bool' : 'float32';
  return { handle: backend.upload(given.data, { shape: given.shape, dtype }), shape: given.shape, dtype };
}

/** Row b of what has the batch first. */
export function rowOf(c: Configuration, b: number): Configuration {
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

/** Cotangents for the outputs, some of them absent. */
export function cotangents({ name, dims, spec }: Configuration, seed: number): (Given | null)[] {
  const next = randomFrom(seed);
  const { batch: B, time: T, units: u } = dims;
  const sequences = (spec as { returnSequences: boolean }).returnSequences;
  const shapes = [sequences ? [B, T, u] : [B, u], [B, u], ...(name === 'lstm' ? [[B, u]] : [])];
  return shapes.map((shape, i) => {
    const data = Float32Array.from({ length: sizeOf(shape) }, next);
    return i > 0 && seed % 3 === i ? null : { data, shape };
  });
}

/** Of each input, or null where it has no gradient; and the outputs on the way there. */
export function back(
  backend: Backend,
  c: Configuration,
  given: readonly (Given | null)[],
  needs = c.inputs.map(() => true),
) {
  const kernel = kernelOf(backend, c.name);
  const inputs = c.inputs.map((x) => upload(backend, x));
  const grads = given.map((x) => upload(backend, x));
  const { outputs, residuals } = kernel.runForGradient(c.spec, inputs);
  const made = kernel.vjp(c.spec, inputs, outputs, residuals, grads, needs);
  const read = (all: Operands): (HostArray | null)[] => all.map((x) => x && backend.readSync!(x));
  const numbers = { outputs: read(outputs), gradients: read(made) };
  const all: Operands = [...inputs, ...grads, ...outputs, ...residuals, ...made];
  for (const handle of new Set(all.filter((x): x is Operand => x !== null).map((x) => x.handle))) backend.free(handle);
  return numbers;
}
