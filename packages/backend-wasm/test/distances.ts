/** How far wasm is from cpu, which computes in float64: the largest distance over a kernel's outputs, absolute. */
import { cpu } from '@recurra/backend-cpu';
import type { Backend, Operand } from '@recurra/core';
import { wasm } from '../src/index.js';

export interface Distance {
  readonly kernel: string;
  readonly sizes: string;
  readonly distance: number;
  /** What is promised. */
  readonly bound: number;
}

type Run = (backend: Backend, x: (shape: readonly number[], scale?: number) => Operand) => Operand[];
interface Fused {
  run(spec: object, inputs: readonly (Operand | null)[]): Operand[];
}

/** Weights about as large as Keras draws them. */
const recurrence = (
  name: 'simpleRNN' | 'lstm' | 'gru',
  [batch, time, inputs, units]: readonly [number, number, number, number],
  resetAfter = true,
): Run => {
  const gates = { simpleRNN: 1, lstm: 4, gru: 3 }[name];
  const spec = {
    dims: { batch, time, inputs, units },
    activation: 'tanh',
    recurrentActivation: 'sigmoid',
    resetAfter,
    reverse: false,
    returnSequences: true,
    zeroOutputForMask: false,
  };
  return (backend, x) =>
    (backend.fused![name] as unknown as Fused).run(spec, [
      x([batch, time, inputs]),
      x([inputs, gates * units], Math.sqrt(6 / (inputs + gates * units))),
      x([units, gates * units], Math.sqrt(3 / units)),
      x(name === 'gru' && resetAfter ? [2, gates * units] : [gates * units], 0.1),
      null,
      ...(name === 'lstm' ? [null] : []),
      null,
    ]);
};

const unary =
  (op: 'exp' | 'log' | 'tanh' | 'sigmoid' | 'erf'): Run =>
  (backend, x) => {
    const given = x([10000], 8);
    const out = { shape: given.shape, dtype: 'float32' } as const;
    return [{ handle: backend.unary(op, given, out), ...out }];
  };

const matmul =
  (m: number, k: number, n: number): Run =>
  (backend, x) => {
    const out = { shape: [m, n], dtype: 'float32' } as const;
    const [a, b] = [x([m, k]), x([k, n], Math.sqrt(3 / k))];
    return [{ handle: backend.matmul(a, b, { transposeA: false, transposeB: false }, out), ...out }];
  };

const softmax: Run = (backend, x) =>
  (backend.fused!.softmax as unknown as Fused).run({ shape: [64, 300] }, [x([64, 300], 10)]);

const cases: readonly (readonly [kernel: string, sizes: string, bound: number, run: Run])[] = [
  [
    '`exp`, `log`, `erf`',
    '10,000 numbers',
    0,
    (b, x) => (['exp', 'log', 'erf'] as const).flatMap((op) => unary(op)(b, x)),
  ],
  ['`tanh`, `sigmoid`', '10,000 numbers', 0, (b, x) => (['tanh', 'sigmoid'] as const).flatMap((op) => unary(op)(b, x))],
  ['`softmax`', '[64, 300]', 0, softmax],
  ['`matmul`', '[32, 512] · [512, 64]', 1e-6, matmul(32, 512, 64)],
  ['`matmul`', '[32, 2048] · [2048, 64]', 1e-6, matmul(32, 2048, 64)],
  ['fused `lstm`', '3 × 30 steps, 64 inputs, 512 units', 3e-7, recurrence('lstm', [3, 30, 64, 512])],
  ['fused `gru`', '3 × 30 steps, 64 inputs, 512 units', 3e-7, recurrence('gru', [3, 30, 64, 512])],
  ['fused `gru`, reset before', '3 × 30 steps, 64 inputs, 512 units', 3e-7, recurrence('gru', [3, 30, 64, 512], false)],
  ['fused `simpleRNN`', '3 × 30 steps, 64 inputs, 512 units', 1e-6, recurrence('simpleRNN', [3, 30, 64, 512])],
];

/** Multiples of 2⁻²³ in [−scale, scale). */
function numbers(n: number, seed: number, scale: number): Float32Array {
  let state = Math.imul(seed + 1, 2654435769) >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) / 8388608 - 1) * scale;
  });
}

export async function distances(): Promise<Distance[]> {
  const [near, exact]: [Backend, Backend] = [await wasm(), cpu()];
  const outputs = (backend: Backend, run: Run): number[][] => {
    let seed = 0;
    const made: Operand[] = [];
    const results = run(backend, (shape, scale = 1) => {
      const data = numbers(
        shape.reduce((n, k) => n * k, 1),
        seed++,
        scale,
      );
      made.push({ handle: backend.upload(data, { shape, dtype: 'float32' }), shape, dtype: 'float32' });
      return made.at(-1)!;
    });
    const read = results.map((y) => Array.from(backend.readSync!(y)));
    for (const { handle } of [...results, ...made]) backend.free(handle);
    return read;
  };
  return cases.map(([kernel, sizes, bound, run]) => {
    const expected = outputs(exact, run);
    let distance = 0;
    outputs(near, run).forEach((y, i) =>
      y.forEach((v, j) => {
        const e = expected[i]![j]!;
        if (!Object.is(v, e)) distance = Math.max(distance, Math.abs(v - e));
      }),
    );
    return { kernel, sizes, distance, bound };
  });
}
