/** Every op leaves behind its result and nothing else, with and without a scope, a tape, or a tape in a tape. */
import { describe, expect, it } from 'vitest';
import { cast, grad, scope, sum, useBackend, type Tensor } from '../../src/index.js';
import * as ops from '../../src/ops/index.js';
import { float64Backend } from '../float64-backend.js';
import { alongGradient, weighted } from '../gradients/central-differences.js';
import { catalog, type OpCase } from './catalog.js';
import { listed } from './oracle.js';
import { randomTensors } from './random-tensors.js';

const backend = float64Backend();
await useBackend(backend);

function run(c: OpCase, inputs: readonly Tensor[]): Tensor[] {
  return listed((c.run as (...xs: readonly Tensor[]) => Tensor | Tensor[])(...inputs));
}

it('the catalog knows every op', () => {
  const known = new Set(catalog.map((c) => c.name.split(':')[0]!));
  expect([...known].toSorted()).toEqual(Object.keys(ops).toSorted());
});

describe('without a scope', () => {
  for (const c of catalog) {
    it(c.name, () => {
      const inputs = scope(() => c.inputs(randomTensors(c.name)));
      const before = backend.live();
      const outputs = run(c, inputs);
      // What shares a buffer with an input adds none: so each result adds one at most.
      expect(backend.live()).toBeLessThanOrEqual(before + outputs.length);
      for (const x of inputs) expect(x.disposed).toBe(false);
      for (const y of outputs) {
        expect(inputs).not.toContain(y);
        y.dispose();
      }
      expect(backend.live()).toBe(before);
      for (const x of inputs) x.dispose();
    });
  }
});

describe('in a tape, and in a tape in a tape', () => {
  for (const c of catalog) {
    it(c.name, () => {
      const start = backend.live();
      const inputs = scope(() => c.inputs(randomTensors(c.name)));
      const before = backend.live();
      const outputs = run(c, inputs);
      const differentiable = outputs.every((y) => y.dtype === 'float32');
      for (const y of outputs) y.dispose();
      if (differentiable) {
        const f = weighted(c.name, (xs) => run(c, xs));
        const first = grad((xs: readonly Tensor[]) => f(xs))(inputs);
        for (const g of new Set(first)) g.dispose();
        expect(backend.live()).toBe(before);
        if (inputs.some((x) => x.dtype === 'float32')) {
          const second = grad((xs: readonly Tensor[]) => alongGradient(c.name, f)(xs))(inputs);
          for (const g of second) g.dispose();
        }
      } else {
        const none = grad((xs: readonly Tensor[]) => sum(cast(run(c, xs)[0]!, 'float32')))(inputs);
        for (const g of none) g.dispose();
      }
      expect(backend.live()).toBe(before);
      for (const x of inputs) x.dispose();
      expect(backend.live()).toBe(start);
    });
  }
});
