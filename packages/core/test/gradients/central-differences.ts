/** A gradient held against differences of the function itself, in float64. */
import { expect } from 'vitest';
import { add, grad, mul, scope, sum, tensor, type Tensor } from '../../src/index.js';
import { listed, numbersOf } from '../ops/oracle.js';
import { randomTensors } from '../ops/random-tensors.js';

type Floats = Tensor<'float32'>;
export type ScalarFunction = (inputs: readonly Tensor[]) => Floats;

/** Σ w·y over all float32 outputs, with random unequal w: every element of every output counts, and differently. */
export function weighted(name: string, run: (inputs: readonly Tensor[]) => Tensor | Tensor[]): ScalarFunction {
  return (inputs) => {
    const random = randomTensors(`weights of ${name}`);
    const terms = listed(run(inputs)).map((y) => sum(mul(y as Floats, random.floats(y.shape, 0.5, 2))));
    return terms.reduce((a, b) => add(a, b));
  };
}

/** ∂f/∂x by (8(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))) / 12h, exact to about h⁴. */
function differences(f: ScalarFunction, inputs: readonly Tensor[], which: number, h = 1e-3): number[] {
  const x = inputs[which]!;
  const center = Float64Array.from(numbersOf(x));
  const value = (i: number, step: number): number =>
    scope(() => {
      const moved = center.with(i, center[i]! + step);
      return numbersOf(f(inputs.with(which, tensor(moved, x.shape))))[0]!;
    });
  return Array.from(
    center,
    (_, i) => (8 * (value(i, h) - value(i, -h)) - (value(i, 2 * h) - value(i, -2 * h))) / (12 * h),
  );
}

/** Every float32 input's gradient, relative 1e-6. Gives back how many numbers were other than 0. */
export function expectGradient(f: ScalarFunction, inputs: readonly Tensor[]): number {
  let alive = 0;
  scope(() => {
    const grads = grad((params: readonly Tensor[]) => f(params))(inputs);
    inputs.forEach((x, which) => {
      if (x.dtype !== 'float32') return;
      expect(grads[which]!.shape).toEqual(x.shape);
      const found = numbersOf(grads[which]!);
      differences(f, inputs, which).forEach((expected, i) => {
        if (expected !== 0) alive++;
        const error = Math.abs(found[i]! - expected);
        if (!(error <= 1e-6 * Math.abs(expected) + 1e-9)) {
          expect.fail(`input ${which}, element ${i}: ${found[i]} by the rule, ${expected} by differences`);
        }
      });
    });
  });
  return alive;
}

/** x ↦ Σ v·∇f(x) over all float32 inputs, with random unequal v: its gradient is second order. */
export function alongGradient(name: string, f: ScalarFunction): ScalarFunction {
  return (inputs) => {
    const random = randomTensors(`direction of ${name}`);
    const grads = grad((params: readonly Tensor[]) => f(params))(inputs);
    const terms = grads.flatMap((g) =>
      g.dtype === 'float32' ? [sum(mul(g as Floats, random.floats(g.shape, 0.5, 2)))] : [],
    );
    return terms.reduce((a, b) => add(a, b));
  };
}
