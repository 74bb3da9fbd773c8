/**
 * Random configurations on `wasm`, by seed: recurrences of any size, mask, direction and activation, with their gradients
 * where the kernel has them, products, reductions and functions. Prints one checksum for each hundred of them, on one
 * thread and on two: `many.mjs 10000`.
 */
import type { Backend, HostArray, Operand } from '@recurra/core';
import { wasm } from '@recurra/backend-wasm';
import { make } from '../../packages/backend-wasm/src/backend.js';
import { checksum, numbers } from './numbers.js';

type Made = Operand | null;
interface Kernel {
  accepts(spec: object): true | string;
  run(spec: object, inputs: readonly Made[]): Operand[];
  runForGradient?(spec: object, inputs: readonly Made[]): { outputs: Operand[]; residuals: Operand[] };
  vjp?(
    spec: object,
    inputs: readonly Made[],
    outputs: readonly Made[],
    residuals: readonly Made[],
    grads: readonly Made[],
    needs: readonly boolean[],
  ): Made[];
}

const EACH = 100;
const units = [1, 2, 3, 5, 7, 8, 9, 16, 17, 33, 130];
const inputs = [1, 2, 4, 7, 42, 65];
const batches = [1, 2, 3, 4, 5, 6, 7, 9, 13, 33];
const times = [1, 2, 3, 5, 9];
const activations = [
  'elu', 'exponential', 'gelu', 'hardSigmoid', 'hardSilu', 'hardTanh', 'leakyRelu', 'linear', 'mish', 'relu', 'relu6',
  'selu', 'sigmoid', 'silu', 'softplus', 'softsign', 'tanh',
] as const; // prettier-ignore
const unary = [
  'neg', 'abs', 'square', 'sqrt', 'exp', 'expm1', 'log', 'log1p', 'erf', 'tanh', 'sigmoid', 'sin', 'cos', 'floor', 'sign',
] as const; // prettier-ignore
const binary = ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum'] as const;

/** What one configuration draws from: its numbers and its choices follow from the seed alone. */
function drawing(backend: Backend, seed: number) {
  let draws = 0;
  const made: Operand[] = [];
  const chance = (): number => (numbers(3, seed * 64 + draws++)[2]! + 1) / 2;
  const keep = <T extends Made>(x: T): T => {
    if (x) made.push(x);
    return x;
  };
  return {
    keep,
    chance,
    one: <T>(of: readonly T[]): T => of[Math.min(of.length - 1, Math.floor(chance() * of.length))]!,
    floats(shape: readonly number[], scale = 1): Operand {
      const n = shape.reduce((size, k) => size * k, 1);
      const handle = backend.upload(numbers(n, seed * 64 + draws++, scale), { shape, dtype: 'float32' });
      return keep({ handle, shape, dtype: 'float32' });
    },
    bools(shape: readonly number[], p: number): Operand {
      const n = shape.reduce((size, k) => size * k, 1);
      const bits = Uint8Array.from(numbers(n, seed * 64 + draws++), (v) => Number((v + 1) / 2 < p));
      return keep({ handle: backend.upload(bits, { shape, dtype: 'bool' }), shape, dtype: 'bool' });
    },
    free: () => made.forEach(({ handle }) => backend.free(handle)),
  };
}
type Drawing = ReturnType<typeof drawing>;

function recurrence(backend: Backend, { keep, chance, one, floats, bools }: Drawing): Made[] {
  const name = one(['simpleRNN', 'lstm', 'gru'] as const);
  const gates = { simpleRNN: 1, lstm: 4, gru: 3 }[name];
  const [B, T, F, u] = [one(batches), one(times), one(inputs), one(units)];
  const resetAfter = chance() < 0.5;
  const returnSequences = chance() < 0.5;
  const spec = {
    dims: { batch: B, time: T, inputs: F, units: u },
    activation: chance() < 0.5 ? 'tanh' : one(activations),
    recurrentActivation: chance() < 0.6 ? 'sigmoid' : one(activations),
    resetAfter,
    reverse: chance() < 0.5,
    returnSequences,
    zeroOutputForMask: chance() < 0.3,
  };
  const state = (): Made => (chance() < 0.5 ? floats([B, u]) : null);
  const given: Made[] = [
    floats([B, T, F]),
    floats([F, gates * u], 1.6 / Math.sqrt(F)),
    floats([u, gates * u], 1.6 / Math.sqrt(u)),
    chance() < 0.8 ? floats(name === 'gru' && resetAfter ? [2, 3 * u] : [gates * u], 0.5) : null,
    state(),
    ...(name === 'lstm' ? [state()] : []),
    chance() < 0.5 ? bools([B, T], 0.6) : null,
  ];
  const kernel = backend.fused![name] as unknown as Kernel;
  const plain = kernel.run(spec, given).map(keep);
  if (!kernel.runForGradient || !kernel.vjp) return plain;
  const { outputs, residuals } = kernel.runForGradient(spec, given);
  [...outputs, ...residuals].forEach(keep);
  const grads = outputs.map(({ shape }, i) => (i === 0 || chance() < 0.5 ? floats(shape) : null));
  const needs = given.map((x, i) => x !== null && i < given.length - 1);
  const back = kernel.vjp(spec, given, outputs, residuals, grads, needs).map(keep);
  return [...plain, ...outputs, ...back];
}

function product(backend: Backend, { keep, chance, one, floats }: Drawing): Made[] {
  const [m, k, n] = [one(batches), one([...units, 64, 65, 200]), one([...units, 64])];
  const how = { transposeA: chance() < 0.3, transposeB: chance() < 0.3 };
  const lead = chance() < 0.3 ? [one([2, 3])] : [];
  const a = floats([...lead, ...(how.transposeA ? [k, m] : [m, k])]);
  const b = floats([...(chance() < 0.5 ? lead : []), ...(how.transposeB ? [n, k] : [k, n])]);
  const out = { shape: [...lead, m, n], dtype: 'float32' } as const;
  return [keep({ handle: backend.matmul(a, b, how, out), ...out })];
}

function functions(backend: Backend, { keep, one, floats }: Drawing): Made[] {
  const shape = [one(batches), one(units)];
  const x = floats(shape, one([0.1, 1, 10, 100, 1e6]));
  const out = { shape, dtype: 'float32' } as const;
  const row = { shape: [shape[0]!], dtype: 'float32' } as const;
  const y = floats([shape[1]!], 3);
  return [
    { handle: backend.unary(one(unary), x, out), ...out },
    { handle: backend.binary(one(binary), x, y, out), ...out },
    { handle: backend.reduce(one(['sum', 'max', 'min'] as const), x, [1], row), ...row },
    ...(backend.fused!.softmax as unknown as Kernel).run({ shape }, [x]),
  ].map(keep);
}

const count = Number(process.argv[2] ?? 10_000);

/** One checksum for each hundred of what this backend computes. */
function* checksums(backend: Backend): Generator<string> {
  let seen: HostArray[] = [];
  for (let seed = 0; seed < count; seed++) {
    const draw = drawing(backend, seed);
    const kind = draw.chance();
    const results = (kind < 0.6 ? recurrence : kind < 0.8 ? product : functions)(backend, draw);
    for (const y of results) if (y) seen.push(backend.readSync!(y));
    draw.free();
    if ((seed + 1) % EACH !== 0) continue;
    yield `wasm/random/${seed + 1 - EACH} ${checksum(seen)}`;
    seen = [];
  }
  if (backend.live!() !== 0) throw new Error(`${backend.live!()} buffers are left`);
}

const one = checksums(await wasm());
const team: Backend = await make({ threads: 2 }, () => true);
for (const threaded of checksums(team)) {
  const line = one.next().value!;
  if (threaded !== line) throw new Error(`two threads: ${threaded}, one: ${line}`);
  console.log(line);
}
one.next();
team.dispose!();
