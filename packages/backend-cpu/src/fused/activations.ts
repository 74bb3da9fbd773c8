/** Activations by name, on a stretch of doubles in place; a cell applies them gate by gate. Formulas: Keras 3. */
import { erf } from '../math/erf.js';
import { exp } from '../math/exp.js';
import { expm1 } from '../math/expm1.js';
import { log1p } from '../math/log1p.js';
import { sigmoid } from '../math/sigmoid.js';
import { tanh } from '../math/tanh.js';

/** x[i] = f(x[i]) for from ≤ i < to. */
export type Activation = (x: Float64Array, from: number, to: number) => void;

/** Those of everyday use have loops of their own. */
const loops: Readonly<Record<string, Activation>> = {
  linear() {},
  tanh(x, i, to) {
    for (; i < to; i++) x[i] = tanh(x[i]!);
  },
  sigmoid(x, i, to) {
    for (; i < to; i++) x[i] = sigmoid(x[i]!);
  },
  relu(x, i, to) {
    for (; i < to; i++) x[i] = Math.max(x[i]!, 0);
  },
};

const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const elu = (x: number): number => (x > 0 ? x : expm1(x));
const hardSigmoid = (x: number): number => clip(x / 6 + 0.5, 0, 1);
// log(1 + eˣ), with the exponent kept negative so that it cannot overflow.
const softplus = (x: number): number => Math.max(x, 0) + log1p(exp(-Math.abs(x)));

/** The others share one. */
const functions: Readonly<Record<string, (x: number) => number>> = {
  relu6: (x) => clip(x, 0, 6),
  leakyRelu: (x) => (x < 0 ? 0.2 * x : x),
  elu,
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1(x)),
  silu: (x) => x * sigmoid(x),
  gelu: (x) => 0.5 * x * (1 + erf(x * 0.7071067811865476)),
  mish: (x) => x * tanh(softplus(x)),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  exponential: exp,
  hardSigmoid,
  hardSilu: (x) => x * hardSigmoid(x),
  hardTanh: (x) => clip(x, -1, 1),
};

/** The loop for a name that is known here. */
export function activation(name: string): Activation {
  if (Object.hasOwn(loops, name)) return loops[name]!;
  const f = functions[name]!;
  return (x, i, to) => {
    for (; i < to; i++) x[i] = f(x[i]!);
  };
}

/** True when every name is known here, else why not. */
export function known(...names: readonly string[]): true | string {
  const other = names.find((name) => !Object.hasOwn(loops, name) && !Object.hasOwn(functions, name));
  return other === undefined || `the cpu backend has no loop for the activation '${other}'`;
}
