/**
 * Activations by name with their derivatives, for the way back: z becomes f(z), d becomes f′(z). At a kink the derivative
 * is the one that the ops give, so that both paths agree there too.
 */
import { erfAt } from '../math/erf.js';
import { expAt } from '../math/exp.js';
import { sigmoidAt } from '../math/sigmoid.js';
import { tanhAt } from '../math/tanh.js';
import { activation, softplusAt } from './activations.js';

/** z[i], d[i] = f(z[i]), f′(z[i]) for from ≤ i < to. */
export type Slope = (z: Float64Array, d: Float64Array, from: number, to: number) => void;

type InPlace = (d: Float64Array, i: number) => void;

/** d becomes f′ where d is f: cheaper where the function is known already. */
const byOutput: Readonly<Record<string, InPlace>> = {
  linear(d, i) {
    d[i] = 1;
  },
  relu(d, i) {
    d[i] = d[i]! > 0 ? 1 : 0;
  },
  relu6(d, i) {
    d[i] = d[i]! > 0 && d[i]! < 6 ? 1 : 0;
  },
  exponential() {},
};

const within = (x: number, limit: number): number => (Math.abs(x) < limit ? 1 : 0);
const LAMBDA = 1.0507009873554805;

/** d becomes f′ where d is x. */
const byInput: Readonly<Record<string, InPlace>> = {
  leakyRelu(d, i) {
    d[i] = d[i]! > 0 ? 1 : 0.2;
  },
  elu(d, i) {
    if (d[i]! <= 0) expAt(d, i);
    // Of NaN 0: neither piece is chosen.
    else d[i] = d[i]! > 0 ? 1 : 0;
  },
  selu(d, i) {
    if (d[i]! < 0) {
      expAt(d, i);
      d[i]! *= LAMBDA * 1.6732632423543772;
    } else {
      d[i] = LAMBDA;
    }
  },
  // σ(x) + x·σ(x)·σ(−x)
  silu(d, i) {
    const x = d[i]!;
    sigmoidAt(d, i);
    const s = d[i]!;
    d[i] = -x;
    sigmoidAt(d, i);
    d[i] = s + x * s * d[i]!;
  },
  // Φ(x) + x·φ(x)
  gelu(d, i) {
    const x = d[i]!;
    d[i] = -0.5 * x * x;
    expAt(d, i);
    const e = d[i]!;
    d[i] = x * 0.7071067811865476;
    erfAt(d, i);
    d[i] = 0.5 * (1 + d[i]!) + x * 0.3989422804014327 * e;
  },
  // t + x·(1 − t²)·σ(x) with t = tanh(softplus(x))
  mish(d, i) {
    const x = d[i]!;
    softplusAt(d, i);
    tanhAt(d, i);
    const t = d[i]!;
    d[i] = x;
    sigmoidAt(d, i);
    d[i] = t + x * (1 - t * t) * d[i]!;
  },
  softplus: sigmoidAt,
  softsign(d, i) {
    const size = 1 + Math.abs(d[i]!);
    d[i] = 1 / (size * size);
  },
  hardSigmoid(d, i) {
    d[i] = within(d[i]!, 3) / 6;
  },
  // The slope of hardSigmoid is left out beyond ±3: of an infinite x it would make 0 · ∞.
  hardSilu(d, i) {
    const x = d[i]!;
    d[i] = Math.min(Math.max(x / 6 + 0.5, 0), 1) + (within(x, 3) ? x / 6 : 0);
  },
  hardTanh(d, i) {
    d[i] = Math.abs(d[i]!) <= 1 ? 1 : 0;
  },
};

/** Those of everyday use have loops of their own. */
const loops: Readonly<Record<string, Slope>> = {
  tanh(z, d, i, to) {
    for (; i < to; i++) {
      tanhAt(z, i);
      const y = z[i]!;
      d[i] = 1 - y * y;
    }
  },
  sigmoid(z, d, i, to) {
    for (; i < to; i++) {
      sigmoidAt(z, i);
      const y = z[i]!;
      d[i] = y * (1 - y);
    }
  },
};

/** The loop for a name that `activation` knows. */
export function slope(name: string): Slope {
  if (Object.hasOwn(loops, name)) return loops[name]!;
  const act = activation(name);
  const after = byOutput[name];
  const derivative = after ?? byInput[name]!;
  return (z, d, from, to) => {
    if (after) act(z, from, to);
    for (let i = from; i < to; i++) {
      d[i] = z[i]!;
      derivative(d, i);
    }
    if (!after) act(z, from, to);
  };
}
