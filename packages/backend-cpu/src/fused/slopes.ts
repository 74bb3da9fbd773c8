/**
 * Activations by name with their derivatives, for the way back: z becomes f(z), d becomes f′(z). At a kink the derivative
 * is the one that the ops give, so that both paths agree there too.
 */
import { erf } from '../math/erf.js';
import { exp } from '../math/exp.js';
import { log1p } from '../math/log1p.js';
import { sigmoid } from '../math/sigmoid.js';
import { tanh } from '../math/tanh.js';
import { activation } from './activations.js';

/** z[i], d[i] = f(z[i]), f′(z[i]) for from ≤ i < to. */
export type Slope = (z: Float64Array, d: Float64Array, from: number, to: number) => void;

type Derivative = (v: number) => number;

/** f′ by f: cheaper where the function is known already. */
const byOutput: Readonly<Record<string, Derivative>> = {
  linear: () => 1,
  relu: (y) => (y > 0 ? 1 : 0),
  relu6: (y) => (y > 0 && y < 6 ? 1 : 0),
  exponential: (y) => y,
};

const within = (x: number, limit: number): number => (Math.abs(x) < limit ? 1 : 0);
const LAMBDA = 1.0507009873554805;

/** f′ by x. */
const byInput: Readonly<Record<string, Derivative>> = {
  leakyRelu: (x) => (x > 0 ? 1 : 0.2),
  elu: (x) => (x > 0 ? 1 : x <= 0 ? exp(x) : 0), // of NaN 0: neither piece is chosen
  selu: (x) => (x < 0 ? LAMBDA * 1.6732632423543772 * exp(x) : LAMBDA),
  silu(x) {
    const s = sigmoid(x);
    return s + x * s * sigmoid(-x);
  },
  // Φ(x) + x·φ(x)
  gelu: (x) => 0.5 * (1 + erf(x * 0.7071067811865476)) + x * 0.3989422804014327 * exp(-0.5 * x * x),
  // t + x·(1 − t²)·σ(x) with t = tanh(softplus(x))
  mish(x) {
    const t = tanh(Math.max(x, 0) + log1p(exp(-Math.abs(x))));
    return t + x * (1 - t * t) * sigmoid(x);
  },
  softplus: sigmoid,
  softsign: (x) => 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x))),
  hardSigmoid: (x) => within(x, 3) / 6,
  // The slope of hardSigmoid is left out beyond ±3: of an infinite x it would make 0 · ∞.
  hardSilu: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1) + (within(x, 3) ? x / 6 : 0),
  hardTanh: (x) => (Math.abs(x) <= 1 ? 1 : 0),
};

/** Those of everyday use have loops of their own. */
const loops: Readonly<Record<string, Slope>> = {
  tanh(z, d, i, to) {
    for (; i < to; i++) {
      const y = tanh(z[i]!);
      z[i] = y;
      d[i] = 1 - y * y;
    }
  },
  sigmoid(z, d, i, to) {
    for (; i < to; i++) {
      const y = sigmoid(z[i]!);
      z[i] = y;
      d[i] = y * (1 - y);
    }
  },
};

/** The loop for a name that `activation` knows. */
export function slope(name: string): Slope {
  if (Object.hasOwn(loops, name)) return loops[name]!;
  const act = activation(name);
  const after = byOutput[name];
  if (after !== undefined) {
    return (z, d, from, to) => {
      act(z, from, to);
      for (let i = from; i < to; i++) d[i] = after(z[i]!);
    };
  }
  const before = byInput[name]!;
  return (z, d, from, to) => {
    for (let i = from; i < to; i++) d[i] = before(z[i]!);
    act(z, from, to);
  };
}
