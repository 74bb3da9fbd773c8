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
const hardSigmoid = (x: number): number => clip(x / 6 + 0.5, 0, 1);
// log(1 + eˣ), with the exponent kept negative so that it cannot overflow.
const softplus = (x: number): number => Math.max(x, 0) + log1p(exp(-Math.abs(x)));

/** The others share one. Each works in place: a number that a function of many is given or returns is a new object. */
const elements: Readonly<Record<string, (x: Float64Array, i: number) => void>> = {
  relu6(x, i) {
    x[i] = clip(x[i]!, 0, 6);
  },
  leakyRelu(x, i) {
    if (x[i]! < 0) x[i]! *= 0.2;
  },
  elu(x, i) {
    if (!(x[i]! > 0)) x[i] = expm1(x[i]!);
  },
  selu(x, i) {
    const v = x[i]!;
    x[i] = 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * expm1(v));
  },
  silu(x, i) {
    x[i]! *= sigmoid(x[i]!);
  },
  gelu(x, i) {
    x[i] = 0.5 * x[i]! * (1 + erf(x[i]! * 0.7071067811865476));
  },
  mish(x, i) {
    x[i]! *= tanh(softplus(x[i]!));
  },
  softplus(x, i) {
    x[i] = softplus(x[i]!);
  },
  softsign(x, i) {
    x[i]! /= 1 + Math.abs(x[i]!);
  },
  exponential(x, i) {
    x[i] = exp(x[i]!);
  },
  hardSigmoid(x, i) {
    x[i] = hardSigmoid(x[i]!);
  },
  hardSilu(x, i) {
    x[i]! *= hardSigmoid(x[i]!);
  },
  hardTanh(x, i) {
    x[i] = clip(x[i]!, -1, 1);
  },
};

/** The loop for a name that is known here. */
export function activation(name: string): Activation {
  if (Object.hasOwn(loops, name)) return loops[name]!;
  const element = elements[name]!;
  return (x, i, to) => {
    for (; i < to; i++) element(x, i);
  };
}

/** True when every name is known here, else why not. */
export function known(...names: readonly string[]): true | string {
  const other = names.find((name) => !Object.hasOwn(loops, name) && !Object.hasOwn(elements, name));
  return other === undefined || `the cpu backend has no loop for the activation '${other}'`;
}
