/** Activations inside the fused kernels where they overflow, bend, or meet NaN: the value and the slope are those of the ops. */
import {
  activation as named,
  applyFused,
  grad,
  matmul,
  scope,
  sum,
  tensor,
  type ActivationName,
  type Backend,
  type Tensor,
} from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { cpu, gradients } from '../src/index.js';

// Of `exponential` docs/numerics.md says where the two part.
const activations =
  'linear tanh sigmoid relu relu6 leakyRelu elu selu silu gelu mish softplus softsign hardSigmoid hardSilu hardTanh'.split(
    ' ',
  ) as ActivationName[];
const edges = [NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 1e30, -1e30, 3e38, -3e38, 89, -89, 710, -710, 800, -800];
const bends = [3, -3, 6, -6, 1, -1, 20, -20, 0.5, -0.5, 88, -104, 200, -200];

const backend: Backend = cpu({ gradients });
type Floats = Tensor<'float32'>;
const one = (shape: number[], value: number): Floats => tensor([value], shape, { backend });

/** h = act(1·x + 0·h) in the kernel. */
function fused(name: ActivationName, x: Floats): Floats {
  const dims = { batch: 1, time: 1, inputs: 1, units: 1 };
  const spec = { activation: name, dims, reverse: false, returnSequences: false, zeroOutputForMask: false };
  const made = applyFused('simpleRNN', spec as never, [x, one([1, 1], 1), one([1, 1], 0), null, null, null]);
  return made![0] as Floats;
}
const composed = (name: ActivationName, x: Floats): Floats => named(name).apply(matmul(x, one([1, 1, 1], 1)));

const close = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 2e-6 * Math.max(1, Math.abs(b));

describe.each(activations)('%s', (name) => {
  it.each([...edges, ...bends])('at %d', (v) => {
    scope(() => {
      const x = one([1, 1, 1], v);
      const [f, c] = [fused(name, x), composed(name, x)].map((y) => y.dataSync()[0]!) as [number, number];
      expect([f, c, close(f, c)]).toEqual([f, c, true]);
      const slope = (act: typeof fused): number => grad((z: Floats) => sum(act(name, z)))(x).dataSync()[0]!;
      const [df, dc] = [slope(fused), slope(composed)];
      expect([df, dc, close(df, dc)]).toEqual([df, dc, true]);
    });
  });
});
