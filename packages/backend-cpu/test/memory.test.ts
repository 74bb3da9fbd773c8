/** Handles, the count of live buffers, and packed weights that go when their handle goes. */
import { describe, expect, it } from 'vitest';
import { cpu } from '../src/index.js';
import { random, upload, type X } from './support.js';

describe('memory', () => {
  it('copies on the way in and on the way out', async () => {
    const backend = cpu();
    const host = Float32Array.of(1, 2);
    const spec = { shape: [2], dtype: 'float32' } as const;
    const x: X = { handle: backend.upload(host, spec), ...spec };
    host[0] = 9;
    const first = backend.readSync!(x);
    expect(first).toEqual(Float32Array.of(1, 2));
    first[1] = 9;
    expect(await backend.read(x)).toEqual(Float32Array.of(1, 2));
    const view = new Float32Array(Float32Array.of(0, 1, 2, 3).buffer, 4, 2);
    expect(backend.readSync!({ handle: backend.upload(view, spec), ...spec })).toEqual(Float32Array.of(1, 2));
  });

  it('counts every handle once', () => {
    const backend = cpu();
    expect(backend.live!()).toBe(0);
    const x = random(backend, [2, 3, 4], 1);
    const kernel = random(backend, [4, 20], 2);
    const recurrent = random(backend, [5, 20], 3);
    const y = backend.unary('neg', x, x);
    expect(backend.live!()).toBe(4);
    const spec = {
      dims: { batch: 2, time: 3, inputs: 4, units: 5 },
      activation: 'tanh',
      recurrentActivation: 'sigmoid',
      reverse: false,
      returnSequences: false,
      zeroOutputForMask: false,
    };
    const outputs = backend.fused!.lstm!.run(spec, [x, kernel, recurrent, null, null, null, null]);
    expect(new Set(outputs.map((o) => o.handle)).size).toBe(3);
    expect(backend.live!()).toBe(7);
    for (const handle of [x.handle, kernel.handle, recurrent.handle, y, ...outputs.map((o) => o.handle)])
      backend.free(handle);
    expect(backend.live!()).toBe(0);
    expect(cpu().live!()).toBe(0);
  });

  it('keeps packed weights under their handle until it is freed', () => {
    const backend = cpu();
    const a = random(backend, [2, 32], 1);
    const b = random(backend, [32, 33], 2);
    const product = (): Float32Array => {
      const out = { shape: [2, 33], dtype: 'float32' } as const;
      return backend.matmul(a, b, { transposeA: false, transposeB: false }, out).data as Float32Array;
    };
    const once = product();
    expect([product(), product()]).toEqual([once, once]);
    // A handle is never written by anyone. Doing it here shows where the numbers come from.
    b.handle.data.fill(0);
    expect(product()).toEqual(once);
    backend.free(b.handle);
    expect(product()).toEqual(new Float32Array(66));

    const spec = {
      dims: { batch: 1, time: 1, inputs: 1, units: 1 },
      activation: 'linear',
      reverse: false,
      returnSequences: false,
      zeroOutputForMask: false,
    };
    const x = upload(backend, [1, 1, 1], [1]);
    const kernel = upload(backend, [1, 1], [5]);
    const recurrent = upload(backend, [1, 1], [7]);
    const h0 = upload(backend, [1, 1], [1]);
    const step = (): number =>
      backend.fused!.simpleRNN!.run(spec, [x, kernel, recurrent, null, h0, null])[1]!.handle.data[0]!;
    expect(step()).toBe(12);
    kernel.handle.data[0] = 50;
    recurrent.handle.data[0] = 70;
    expect(step()).toBe(12);
    backend.free(kernel.handle);
    expect(step()).toBe(57);
    backend.free(recurrent.handle);
    expect(step()).toBe(120);
  });

  it('packs a matrix anew for each way it is read', () => {
    // A reshape shares its buffer: the same handle comes with other axes, and transposed.
    const backend = cpu();
    const { handle } = random(backend, [60, 24], 1);
    const at = (shape: number[]): X => ({ handle, shape, dtype: 'float32' });
    for (let round = 0; round < 3; round++) {
      for (const [k, n] of [
        [60, 24],
        [24, 60],
        [2, 720],
      ] as const) {
        for (const transposeB of [false, true]) {
          const a = random(backend, [3, k], k);
          const y = backend.matmul(
            a,
            at(transposeB ? [n, k] : [k, n]),
            { transposeA: false, transposeB },
            { shape: [3, n], dtype: 'float32' },
          );
          const expected = Array.from({ length: 3 * n }, (_, p) => {
            const [i, j] = [Math.floor(p / n), p % n];
            let sum = 0;
            for (let q = 0; q < k; q++)
              sum += a.handle.data[i * k + q]! * handle.data[transposeB ? j * k + q : q * n + j]!;
            return Math.fround(sum);
          });
          expect(Array.from(y.data)).toEqual(expected);
        }
      }
    }
  });

  it('leaves fused kernels out where asked', () => {
    expect(cpu({ fused: false }).fused).toBeUndefined();
    expect(Object.keys(cpu().fused!).sort()).toEqual(['gru', 'lstm', 'simpleRNN', 'softmax']);
  });

  it('works on after dispose', () => {
    const backend = cpu();
    const x = random(backend, [3, 4], 1);
    const square = (): Float32Array =>
      backend.matmul(x, x, { transposeA: false, transposeB: true }, { shape: [3, 3], dtype: 'float32' })
        .data as Float32Array;
    const before = [square(), square()];
    backend.dispose!();
    expect([square(), square()]).toEqual(before);
  });
});
