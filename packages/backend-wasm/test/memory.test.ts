/** The allocator against a model: blocks keep what was written into them, through growth, and all memory comes back. */
import { describe, expect, it } from 'vitest';
import { wasm } from '../src/index.js';
import { heap, type Heap } from '../src/memory.js';

/** Whole numbers below n, repeatable. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

interface Block {
  readonly offset: number;
  readonly words: Int32Array;
}

const holds = (all: Heap, { offset, words }: Block): boolean =>
  words.every((word, i) => all.ints[offset / 4 + i] === word);

describe('the allocator', () => {
  it.each([1, 2, 3, 4])('keeps every block apart, seed %i', (seed) => {
    const roll = dice(seed);
    const base = 1024 + 4 * roll(100);
    const maximum = 16 * 65536;
    const memory = new WebAssembly.Memory({ initial: 2 });
    const all = heap(memory, base, maximum);
    const alive: Block[] = [];
    let refused = 0;
    for (let round = 0; round < 1600; round++) {
      // Phases of filling and of emptying, so that memory runs out and comes back.
      const filling = roll(10) < (Math.floor(round / 400) % 2 === 0 ? 8 : 2);
      if (filling || alive.length === 0) {
        const bytes = roll(20) === 0 ? roll(150000) : roll(3) === 0 ? roll(40) : roll(5000);
        const before = all.used;
        let offset: number;
        try {
          offset = all.alloc(bytes);
        } catch (error) {
          if (refused++ === 0) expect(error).toMatchObject({ code: 'OUT_OF_MEMORY', facts: { bytes, maximum } });
          if (all.used !== before) expect(all.used).toBe(before);
          continue;
        }
        const fits = offset % 16 === 0 && offset >= base && offset + bytes <= memory.buffer.byteLength;
        // Called only when it fails: thousands of calls take seconds.
        if (!fits) expect({ offset, bytes, base, size: memory.buffer.byteLength }).toBe('aligned and inside');
        const words = Int32Array.from({ length: Math.floor(bytes / 4) }, () => roll(2 ** 31));
        all.ints.set(words, offset / 4);
        alive.push({ offset, words });
      } else {
        const [gone] = alive.splice(roll(alive.length), 1);
        if (!holds(all, gone!)) expect(gone!.offset).toBe('unchanged');
        all.free(gone!.offset);
      }
      if (round % 100 === 0) {
        const taken = all.check().filter(({ free }) => !free);
        expect(taken.map(({ offset }) => offset)).toEqual(alive.map(({ offset }) => offset).sort((a, b) => a - b));
        expect(alive.every((block) => holds(all, block))).toBe(true);
      }
    }
    expect(refused).toBeGreaterThan(0);
    for (const block of alive) {
      if (!holds(all, block)) expect(block.offset).toBe('unchanged');
      all.free(block.offset);
    }
    expect(all.used).toBe(0);
    // Everything is one free block again, and can be had in one piece.
    expect(all.check()).toHaveLength(1);
    expect(all.size).toBeLessThanOrEqual(maximum);
    const most = all.check()[0]!.size - 16;
    all.free(all.alloc(most));
  });

  it('refuses what does not fit, with the sizes, and works on', async () => {
    const backend = await wasm({ memory: { maximum: 2 ** 20 } });
    const out = { shape: [100, 100], dtype: 'float32' } as const;
    const handles = [];
    let error: unknown;
    try {
      for (;;) handles.push(backend.fill(1, out));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      name: 'BackendError',
      code: 'OUT_OF_MEMORY',
      facts: { bytes: 40000, maximum: 2 ** 20 },
    });
    expect(handles.length).toBeGreaterThan(20);
    expect(backend.live!()).toBe(handles.length);
    const kept = handles.pop()!;
    for (const handle of handles) backend.free(handle);
    const sum = backend.reduce('sum', { handle: kept, ...out }, [0, 1], { shape: [], dtype: 'float32' });
    expect(backend.readSync!({ handle: sum, shape: [], dtype: 'float32' })).toEqual(Float32Array.of(10000));
    expect(backend.live!()).toBe(2);
    for (let i = 0; i < handles.length; i++) backend.fill(2, out);
  });

  it.each(['matmul', 'attention', 'lstm'])('leaves nothing behind when %s runs out of memory', async (kernel) => {
    const backend = await wasm({ memory: { maximum: 2 ** 20 } });
    const floats = (...shape: number[]) => {
      const data = new Float32Array(shape.reduce((n, k) => n * k, 1)).fill(0.01);
      return { handle: backend.upload(data, { shape, dtype: 'float32' }), shape, dtype: 'float32' } as const;
    };
    const run = (n: number): number => {
      const before = backend.live!();
      const [x, y] = [floats(1, n, n), floats(1, n, n)];
      try {
        if (kernel === 'matmul') backend.free(backend.matmul(x, y, { transposeA: false, transposeB: false }, x));
        else if (kernel === 'attention') {
          const dims = { batch: 1, queries: n, keys: n, width: n, values: n };
          const spec = { score: 'scaledDot', scale: 1, causal: false, dims } as const;
          for (const { handle } of backend.fused!.attention!.run(spec, [x, y, y, null, null])) backend.free(handle);
        } else {
          const dims = { batch: 1, time: n, inputs: n, units: n / 4 };
          const how = { reverse: false, returnSequences: true, zeroOutputForMask: false };
          const spec = { dims, activation: 'tanh', recurrentActivation: 'sigmoid', ...how };
          const U = floats(n / 4, n);
          try {
            const kept = [{ ...y, shape: [n, n] }, U, null, null, null, null] as const;
            for (const { handle } of backend.fused!.lstm!.run(spec, [x, ...kept])) backend.free(handle);
          } finally {
            backend.free(U.handle);
          }
        }
      } finally {
        for (const { handle } of [x, y]) backend.free(handle);
        expect(backend.live!()).toBe(before);
      }
      return n;
    };
    expect(run(64)).toBe(64);
    const failed = { code: 'OUT_OF_MEMORY', facts: { maximum: 2 ** 20 } };
    let error: unknown;
    try {
      run(320);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject(failed);
    expect(run(64)).toBe(64);
  });

  it('computes the same through growth', async () => {
    const backend = await wasm();
    const spec = { shape: [64, 64], dtype: 'float32' } as const;
    const roll = dice(9);
    const x = Float32Array.from({ length: 4096 }, () => roll(1000) / 1000 - 0.5);
    const handle = backend.upload(x, spec);
    const square = (): ArrayLike<number> => {
      const product = backend.matmul(
        { handle, ...spec },
        { handle, ...spec },
        { transposeA: false, transposeB: false },
        spec,
      );
      const read = backend.readSync!({ handle: product, ...spec });
      backend.free(product);
      return read;
    };
    const first = square();
    for (let i = 0; i < 30; i++) {
      backend.upload(new Float32Array(100000).fill(i), { shape: [100000], dtype: 'float32' });
      expect(square()).toEqual(first);
    }
    expect(backend.readSync!({ handle, ...spec })).toEqual(x);
    expect(backend.live!()).toBe(31);
  });
});
