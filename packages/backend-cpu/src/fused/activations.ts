/** Activations by name, on a stretch of doubles in place; a cell applies them gate by gate (SEMANTICS: Keras 3). */
import { erf } from '../math/erf.js';
import { exp } from '../math/exp.js';
import { expm1 } from '../math/expm1.js';
import { log1p } from '../math/log1p.js';
import { sigmoid } from '../math/sigmoid.js';
import { tanh } from '../math/tanh.js';

/** x[i] = f(x[i]) for from ≤ i < to. */
export type Activation = (x: Float64Array, from: number, to: number) => void;

/** One loop for many functions; those of everyday use have their own, in which the engine can inline. */
const each =
  (f: (x: number) => number): Activation =>
  (x, i, to) => {
    for (; i < to; i++) x[i] = f(x[i]!);
  };

const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const hardSigmoid = (x: number): number => clip(x / 6 + 0.5, 0, 1);
const elu = (x: number): number => (x > 0 ? x : expm1(x));
// log(1 + eˣ), with the exponent kept negative so that it cannot overflow.
const softplus = (x: number): number => Math.max(x, 0) + log1p(exp(-Math.abs(x)));

export const activations: Readonly<Record<string, Activation>> = {
  linear: () => {},
  tanh: (x, i, to) => {
    for (; i < to; i++) x[i] = tanh(x[i]!);
  },
  sigmoid: (x, i, to) => {
    for (; i < to; i++) x[i] = sigmoid(x[i]!);
  },
  relu: (x, i, to) => {
    for (; i < to; i++) x[i] = Math.max(x[i]!, 0);
  },
  relu6: each((x) => clip(x, 0, 6)),
  leakyRelu: each((x) => (x < 0 ? 0.2 * x : x)),
  elu: each(elu),
  selu: each((x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1(x))),
  silu: each((x) => x * sigmoid(x)),
  gelu: each((x) => 0.5 * x * (1 + erf(x * 0.7071067811865476))),
  mish: each((x) => x * tanh(softplus(x))),
  softplus: each(softplus),
  softsign: each((x) => x / (1 + Math.abs(x))),
  exponential: each(exp),
  hardSigmoid: each(hardSigmoid),
  hardSilu: each((x) => x * hardSigmoid(x)),
  hardTanh: each((x) => clip(x, -1, 1)),
};

/** True when every name is known here, else why not. */
export function knows(...names: readonly string[]): true | string {
  const unknown = names.find((name) => !Object.hasOwn(activations, name));
  return unknown === undefined || `has no fused loop for the activation '${unknown}'`;
}
