/** Every backward rule against central differences, and the rules' own gradients where there is curvature. */
import { describe, expect, it } from 'vitest';
import { scope, useBackend, type Tensor } from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';
import { catalog, type OpCase } from '../ops/catalog.js';
import { listed } from '../ops/oracle.js';
import { randomTensors } from '../ops/random-tensors.js';
import { alongGradient, expectGradient, weighted, type ScalarFunction } from './central-differences.js';

await useBackend(float64Backend());

/** Ops whose result does not move: differences are 0, and so must the gradient be. */
const flat = ['floor', 'sign', 'slice: nothing', 'tile: none'];

function run(c: OpCase, inputs: readonly Tensor[]): Tensor | Tensor[] {
  return (c.run as (...xs: readonly Tensor[]) => Tensor | Tensor[])(...inputs);
}

/** Those that lead from float32 to float32; stopGradient is made not to have the gradient that differences see. */
const differentiable = catalog.filter((c) =>
  scope(() => {
    const inputs = c.inputs(randomTensors(c.name));
    const isFloat = (x: Tensor): boolean => x.dtype === 'float32';
    return inputs.some(isFloat) && listed(run(c, inputs)).every(isFloat) && c.name !== 'stopGradient';
  }),
);

function prepared(c: OpCase): { f: ScalarFunction; inputs: Tensor[] } {
  return { f: weighted(c.name, (inputs) => run(c, inputs)), inputs: c.inputs(randomTensors(c.name)) };
}

describe('gradients, against differences', () => {
  for (const c of differentiable) {
    it(c.name, () => {
      scope(() => {
        const { f, inputs } = prepared(c);
        const alive = expectGradient(f, inputs);
        if (flat.includes(c.name)) expect(alive).toBe(0);
        else expect(alive).toBeGreaterThan(0);
      });
    });
  }
});

describe('second order, against differences of the first', () => {
  for (const c of differentiable.filter((one) => one.curved)) {
    it(c.name, () => {
      scope(() => {
        const { f, inputs } = prepared(c);
        expect(expectGradient(alongGradient(c.name, f), inputs)).toBeGreaterThan(0);
      });
    });
  }
});
