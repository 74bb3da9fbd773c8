/**
 * The way back of whole recurrences, over random configurations: close to `cpu`, which computes it in float64; the bits of a
 * row's own gradients are its own; and what it keeps is as docs/training-memory.md says.
 */
import { cpu, gradients } from '@recurra/backend-cpu';
import { sizeOf, type Backend, type HostArray } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { wasm } from '../src/index.js';
import { back, configuration, cotangents, kernelOf, rowOf, upload } from './configurations.js';

describe.each(['simd', 'relaxed'] as const)('the way back, %s', async (build) => {
  const backend: Backend = await wasm({ relaxed: build === 'relaxed' });
  const exact = cpu({ gradients }) as unknown as Backend;

  it('is close to float64', () => {
    for (let seed = 0; seed < 150; seed++) {
      const c = configuration(seed);
      const given = cotangents(c, seed);
      const expected = back(exact, c, given).gradients;
      const actual = back(backend, c, given).gradients;
      expect(actual.map((g) => g && g.length)).toEqual(expected.map((g) => g && g.length));
      actual.forEach((g, i) => {
        if (g === null) return;
        const e = expected[i]!;
        // Sums of many terms: their size tells what rounding may do.
        const size = Array.from(e).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
        const farthest = Array.from(g).reduce((d, x, j) => Math.max(d, Math.abs(x - e[j]!)), 0);
        expect(farthest / size, `seed ${seed}, input ${i}`).toBeLessThan(8e-6);
      });
    }
    expect(backend.live!()).toBe(0);
  });

  it('goes the way there with the bits of one that keeps nothing', () => {
    for (let seed = 300; seed < 340; seed++) {
      const c = configuration(seed);
      const inputs = c.inputs.map((x) => upload(backend, x));
      const plain = kernelOf(backend, c.name).run(c.spec, inputs);
      const expected = plain.map((y) => backend.readSync!(y));
      for (const x of [...plain, ...inputs]) if (x) backend.free(x.handle);
      expect(back(backend, c, cotangents(c, seed)).outputs, `seed ${seed}`).toEqual(expected);
    }
  });

  it('gives the frames and first states of a row the same bits alone and in a batch', () => {
    for (let seed = 400; seed < 440; seed++) {
      const c = configuration(seed);
      const given = cotangents(c, seed);
      const { gradients: whole } = back(backend, c, given);
      const b = seed % c.dims.batch;
      const cut = <T extends HostArray>(x: T): T => {
        const n = x.length / c.dims.batch;
        return x.slice(b * n, b * n + n) as T;
      };
      const alone = given.map((g) => g && { data: cut(g.data), shape: [1, ...g.shape.slice(1)] });
      const { gradients: row } = back(backend, rowOf(c, b), alone);
      // Not those of the weights, which are sums over rows.
      const own = (g: HostArray | null, i: number): boolean => g !== null && (i === 0 || i > 3);
      expect(row.filter(own), `seed ${seed}`).toEqual(whole.filter(own).map((g) => cut(g!)));
    }
  });

  it('gives what is wanted, whatever else is', () => {
    for (let seed = 500; seed < 520; seed++) {
      const c = configuration(seed);
      const given = cotangents(c, seed);
      const { gradients: all } = back(backend, c, given);
      c.inputs.forEach((_, one) => {
        const needs = c.inputs.map((_, i) => i === one);
        expect(back(backend, c, given, needs).gradients[one], `seed ${seed}, input ${one}`).toEqual(all[one]);
      });
    }
  });

  it('keeps so many floats for each step of each row', () => {
    const perUnit = { simpleRNN: 2, lstm: 7, gru: 5 };
    for (let seed = 600; seed < 640; seed++) {
      const c = configuration(seed);
      const { batch, time, units } = c.dims;
      const padded = Math.ceil(units / 8) * 8;
      const inputs = c.inputs.map((x) => upload(backend, x));
      const { outputs, residuals } = kernelOf(backend, c.name).runForGradient(c.spec, inputs);
      const held = residuals.reduce((total, { shape }) => total + sizeOf(shape), 0);
      // Each state lies once more before the first step.
      const states = c.name === 'lstm' ? 2 : 1;
      expect(held, `seed ${seed}`).toBe((perUnit[c.name] * time + states) * batch * padded);
      for (const x of [...inputs, ...outputs, ...residuals]) if (x) backend.free(x.handle);
    }
    expect(backend.live!()).toBe(0);
  });
});
