/** Activations by name, on a stretch of doubles in place; a cell applies them gate by gate. Formulas: Keras 3. */
import { erfAt } from '../math/erf.js';
import { expAt } from '../math/exp.js';
import { expm1At } from '../math/expm1.js';
import { log1pAt } from '../math/log1p.js';
import { sigmoidAt } from '../math/sigmoid.js';
import { sigmoid, tanh, type Stretch } from '../math/stretches.js';
import { tanhAt } from '../math/tanh.js';

/** x[i] = f(x[i]) for from ≤ i < to. Why in place: see math/README.md. */
export type Activation = Stretch;

/** Those of everyday use have loops of their own. */
const loops: Readonly<Record<string, Activation>> = {
  linear() {},
  tanh,
  sigmoid,
  relu(x, i, to) {
    for (; i < to; i++) x[i] = Math.max(x[i]!, 0);
  },
};

type InPlace = (x: Float64Array, i: number) => void;

/** The others share one. */
const elements: Readonly<Record<string, InPlace>> = {
  relu6(x, i) {
    clip(x, i, 0, 6);
  },
  leakyRelu(x, i) {
    if (x[i]! < 0) x[i]! *= 0.2;
  },
  elu(x, i) {
    if (!(x[i]! > 0)) expm1At(x, i);
  },
  selu(x, i) {
    if (!(x[i]! > 0)) {
      expm1At(x, i);
      x[i]! *= 1.6732632423543772;
    }
    x[i]! *= 1.0507009873554805;
  },
  silu: /* @__PURE__ */ times(sigmoidAt),
  gelu: /* @__PURE__ */ times((x, i) => {
    x[i]! *= 0.7071067811865476;
    erfAt(x, i);
    x[i] = 0.5 * (1 + x[i]!);
  }),
  mish: /* @__PURE__ */ times((x, i) => {
    softplusAt(x, i);
    tanhAt(x, i);
  }),
  softplus: softplusAt,
  exponential: expAt,
  softsign(x, i) {
    x[i]! /= 1 + Math.abs(x[i]!);
  },
  hardSigmoid: hardSigmoidAt,
  hardSilu: /* @__PURE__ */ times(hardSigmoidAt),
  hardTanh(x, i) {
    clip(x, i, -1, 1);
  },
};

/** x · f(x) */
function times(f: InPlace): InPlace {
  return (x, i) => {
    const v = x[i]!;
    f(x, i);
    x[i]! *= v;
  };
}

function clip(x: Float64Array, i: number, low: number, high: number): void {
  x[i] = Math.min(Math.max(x[i]!, low), high);
}

function hardSigmoidAt(x: Float64Array, i: number): void {
  x[i] = x[i]! / 6 + 0.5;
  clip(x, i, 0, 1);
}

/** log(1 + eˣ), with the exponent kept negative so that it cannot overflow. */
export function softplusAt(x: Float64Array, i: number): void {
  const v = x[i]!;
  x[i] = Math.abs(v);
  expAt(x, i, -1);
  log1pAt(x, i);
  x[i] = Math.max(v, 0) + x[i]!;
}

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
