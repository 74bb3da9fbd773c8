/**
 * Whole recurrences in one call, over random configurations: close to `cpu`, which computes in float64; and the bits of a
 * row are its own, in any batch, as a sequence or step by step.
 */
import { cpu } from '@recurra/backend-cpu';
import type { Backend, HostArray } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { wasm } from '../src/index.js';
import { configuration, kernelOf, rowOf, upload, type Configuration } from './configurations.js';

function run(backend: Backend, { name, spec, inputs }: Configuration): HostArray[] {
  const operands = inputs.map((x) => upload(backend, x));
  const outputs = kernelOf(backend, name).run(spec, operands);
  const numbers = outputs.map((y) => backend.readSync!(y));
  for (const x of [...outputs, ...operands]) if (x) backend.free(x.handle);
  return numbers;
}

describe.each(['simd', 'relaxed'] as const)('fused recurrences, %s', async (build) => {
  const backend: Backend = await wasm({ relaxed: build === 'relaxed' });
  const exact = cpu();

  it('are close to float64', () => {
    for (let seed = 0; seed < 250; seed++) {
      const c = configuration(seed);
      const expected = run(exact, c);
      run(backend, c).forEach((y, i) => {
        expect(y.length).toBe(expected[i]!.length);
        const farthest = Array.from(y).reduce((d, v, j) => {
          const e = expected[i]![j]!;
          return v === e ? d : Math.max(d, Math.abs(v - e) / (1 + Math.abs(e)));
        }, 0);
        expect(farthest, `seed ${seed}, output ${i}`).toBeLessThan(4e-6);
      });
    }
    expect(backend.live!()).toBe(0);
  });

  it('give a row the same bits alone, in a batch and step by step', () => {
    for (let seed = 1000; seed < 1040; seed++) {
      const c = configuration(seed, true);
      const { time, inputs: F, units: u, batch } = c.dims;
      const [whole] = run(backend, c);
      for (const b of new Set([0, batch - 1])) {
        const row = rowOf(c, b);
        const expected = whole!.slice(b * time * u, (b + 1) * time * u);
        expect(run(backend, row)[0], `seed ${seed}`).toEqual(expected);

        const operands = row.inputs.map((x, i) => (i === 0 ? null : upload(backend, x)));
        const session = kernelOf(backend, c.name).open({ ...row.spec, dims: { ...row.dims, time: 1 } }, operands);
        for (const x of operands) if (x) backend.free(x.handle);
        const frame = new Float32Array(F);
        const out = new Float32Array(u);
        for (let t = 0; t < time; t++) {
          frame.set(row.inputs[0]!.data.subarray(t * F, t * F + F));
          session.step(frame, out);
          expect(out, `seed ${seed}, step ${t}`).toEqual(expected.slice(t * u, t * u + u));
        }
        session.close();
      }
    }
  });

  it('keep a session over a growth of memory', () => {
    const c = rowOf(configuration(1001, true), 0);
    const operands = c.inputs.map((x, i) => (i === 0 ? null : upload(backend, x)));
    const steps = (between: () => void): Float32Array => {
      const session = kernelOf(backend, c.name).open({ ...c.spec, dims: { ...c.dims, time: 1 } }, operands);
      const out = new Float32Array(c.dims.units);
      const frame = new Float32Array(c.dims.inputs).fill(0.5);
      session.step(frame, out);
      between();
      session.step(frame, out);
      session.close();
      return out;
    };
    const expected = steps(() => undefined);
    const shape = [2 ** 23];
    const grown = steps(() => {
      backend.free(backend.fill(1, { shape, dtype: 'float32' }));
    });
    expect(grown).toEqual(expected);
  });
});
