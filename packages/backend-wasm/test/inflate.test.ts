/** What zlib compresses, in each kind of block, comes back; the embedded modules are modules, and may come from elsewhere. */
import { deflateRawSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf, supports } from '../src/engine.js';
import { wasm } from '../src/index.js';
import { inflate } from '../src/inflate.js';

describe('inflate', () => {
  const noise = Uint8Array.from({ length: 70000 }, (_, i) => (Math.imul(i + 1, 2654435769) >>> 24) ^ (i >> 3));
  const repeats = Uint8Array.from({ length: 70000 }, (_, i) => noise[(i * i) % 97]! & 15);
  const mixed = Uint8Array.from({ length: 70000 }, (_, i) => (i % 5000 < 2500 ? noise[i]! : repeats[i - 40]!));
  const { Z_FIXED, Z_DEFAULT_STRATEGY } = constants;

  it.each([
    ['stored', { level: 0 }],
    ['with the fixed code', { level: 9, strategy: Z_FIXED }],
    ['with codes of its own', { level: 9, strategy: Z_DEFAULT_STRATEGY }],
  ])('gives back what was compressed, %s', (_, options) => {
    for (const data of [noise, repeats, mixed, noise.subarray(0, 1), new Uint8Array(3)]) {
      const back = inflate(deflateRawSync(data, options), data.length);
      expect(Buffer.from(back).equals(data)).toBe(true);
    }
  });

  it('stops where it is told to', () => {
    expect(inflate(deflateRawSync(mixed), 33333)).toEqual(mixed.slice(0, 33333));
  });

  it('holds a module for each build that this engine supports', () => {
    expect(WebAssembly.validate(bytesOf('simd'))).toBe(true);
    expect(WebAssembly.validate(bytesOf('relaxed'))).toBe(supports('relaxed'));
  });
});

describe('a module from elsewhere', () => {
  const answer = async (module: WebAssembly.Module | Uint8Array | URL): Promise<unknown> => {
    const backend = await wasm({ module });
    const out = { shape: [3], dtype: 'float32' } as const;
    return backend.readSync!({ handle: backend.fill(2.5, out), ...out });
  };

  it('may be bytes, compiled, or a URL', async () => {
    const bytes = bytesOf('simd');
    const expected = new Float32Array(3).fill(2.5);
    expect(await answer(bytes)).toEqual(expected);
    expect(await answer(await WebAssembly.compile(bytes))).toEqual(expected);
    const url = new URL(`data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}`);
    expect(await answer(url)).toEqual(expected);
  });

  it('must be one of this package', async () => {
    const failed = { name: 'BackendError', code: 'BACKEND_FAILED' };
    await expect(answer(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))).rejects.toMatchObject(failed);
    await expect(answer(Uint8Array.of(1, 2, 3))).rejects.toMatchObject(failed);
  });
});
