/** Handles, the count of live buffers, and packed weights that go when their handle goes. */
import { describe, expect, it } from 'vitest';
import { arrays } from '../src/arrays.js';
import { cpu } from '../src/index.js';
import { random, randomFrom, upload, type X } from './support.js';

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
      dims: { batch: 1, time: 1, inputs: 7, units: 3 },
      activation: 'linear',
      reverse: false,
      returnSequences: false,
      zeroOutputForMask: false,
    };
    const x = upload(backend, [1, 1, 7], [1, 1, 1, 1, 1, 1, 1]);
    const kernel = upload(backend, [7, 3], new Array(21).fill(2));
    const recurrent = upload(backend, [3, 3], new Array(9).fill(5));
    const h0 = upload(backend, [1, 3], [1, 1, 1]);
    const step = (): ArrayLike<number> =>
      backend.fused!.simpleRNN!.run(spec, [x, kernel, recurrent, null, h0, null])[1]!.handle.data;
    expect(step()).toEqual(Float32Array.of(29, 29, 29));
    kernel.handle.data.fill(20);
    recurrent.handle.data.fill(50);
    expect(step()).toEqual(Float32Array.of(29, 29, 29));
    backend.free(kernel.handle);
    expect(step()).toEqual(Float32Array.of(155, 155, 155));
    backend.free(recurrent.handle);
    expect(step()).toEqual(Float32Array.of(290, 290, 290));
  });

  it('writes no array while its handle lives, and never two handles into one', () => {
    const backend = cpu();
    const next = randomFrom(8);
    const alive: { x: X; expected: number[] }[] = [];
    for (let round = 0; round < 500; round++) {
      const length = 1 + (round % 3);
      const dtype = (['float32', 'int32', 'bool'] as const)[(round % 3) ^ (round & 1)] ?? 'float32';
      const value = dtype === 'bool' ? round & 1 : round;
      const out = { shape: [length], dtype };
      const handle = backend.fill(value, out);
      expect(alive.some(({ x }) => x.handle === handle || x.handle.data === handle.data)).toBe(false);
      alive.push({ x: { handle, ...out }, expected: new Array(length).fill(value) });
      if (next() > 0) backend.free(alive.splice(Math.floor(Math.abs(next()) * alive.length), 1)[0]!.x.handle);
      for (const { x, expected } of alive) expect(Array.from(x.handle.data)).toEqual(expected);
    }
    expect(backend.live!()).toBe(alive.length);
  });

  it('holds back no more than its limit', () => {
    const spare = arrays();
    const [small, large, huge] = [new Float32Array(3), new Float32Array(2 ** 22 - 1), new Float32Array(2 ** 22 + 1)];
    // Compared here, as a matcher would print them.
    const gives = (data: Float32Array): boolean => spare.take('float32', data.length) === data;
    spare.give(huge);
    expect(gives(huge)).toBe(false);
    spare.give(small);
    expect(spare.take('int32', 3)).toEqual(new Int32Array(3));
    expect([gives(small), gives(small)]).toEqual([true, false]);
    spare.give(small);
    spare.give(large);
    // Together they would be too much: the one that came last is held.
    expect([gives(large), gives(small)]).toEqual([true, false]);
  });

  it('clears what a freed array held, where zeros are due', () => {
    const backend = cpu();
    const fresh = (
      shape: number[],
      dtype: 'float32' | 'int32' | 'bool' = 'float32',
    ): { shape: number[]; dtype: typeof dtype } => {
      backend.free(backend.fill(1, { shape, dtype }));
      return { shape, dtype };
    };
    const picks = upload(backend, [2], [5, -1], 'int32');
    const x = random(backend, [3, 2], 1);
    expect(Array.from(backend.gather(x, picks, 0, fresh([2, 2])).data)).toEqual([0, 0, 0, 0]);
    expect(Array.from(backend.scatterAdd(upload(backend, [2], [1, 2]), picks, 0, fresh([4])).data)).toEqual([
      0, 0, 0, 0,
    ]);
    const [a, b] = [upload(backend, [3, 0], []), upload(backend, [0, 3], [])];
    const product = backend.matmul(a, b, { transposeA: false, transposeB: false }, fresh([3, 3]));
    expect(Array.from(product.data)).toEqual(new Array(9).fill(0));
    expect(Array.from(backend.reduce('sum', upload(backend, [7, 0], []), [1], fresh([7])).data)).toEqual(
      new Array(7).fill(0),
    );
    expect(Array.from(backend.fill(0, fresh([5], 'bool')).data)).toEqual(new Array(5).fill(0));
    const spec = {
      dims: { batch: 1, time: 4, inputs: 2, units: 5 },
      activation: 'linear',
      reverse: false,
      returnSequences: true,
      zeroOutputForMask: false,
    };
    fresh([20]);
    const mask = upload(backend, [1, 4], [0, 0, 0, 0], 'bool');
    const inputs = [random(backend, [1, 4, 2], 1), random(backend, [2, 5], 2), random(backend, [5, 5], 3)] as const;
    const [y] = backend.fused!.simpleRNN!.run(spec, [...inputs, null, null, mask]);
    expect(Array.from(y!.handle.data)).toEqual(new Array(20).fill(0));
    fresh([5]);
    const none = { ...spec, dims: { ...spec.dims, time: 0 }, returnSequences: false };
    const [y0] = backend.fused!.simpleRNN!.run(none, [
      upload(backend, [1, 0, 2], []),
      inputs[1],
      inputs[2],
      null,
      null,
      null,
    ]);
    expect(Array.from(y0!.handle.data)).toEqual([0, 0, 0, 0, 0]);
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
