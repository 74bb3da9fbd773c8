/** The reference as a device of 32 or 16 bits: every kernel's result is rounded once. */
import type { Backend, HostArray } from '@recurra/core';
import { decorated, kernelNames } from './decorate.js';
import { referenceBackend, type ReferenceBuffer } from './reference-backend.js';

export function roundedBackend(precision: 16 | 32): Backend {
  const backend = referenceBackend();
  const round = precision === 32 ? Math.fround : toHalf;
  const rounded = (handle: ReferenceBuffer): ReferenceBuffer => {
    if (handle.data instanceof Float64Array) handle.data.forEach((v, i) => (handle.data[i] = round(v)));
    return handle;
  };
  const narrow = (numbers: HostArray): HostArray =>
    numbers instanceof Float64Array ? Float32Array.from(numbers) : numbers;
  const kernels = Object.fromEntries(
    kernelNames.map((name) => {
      const run = backend[name] as (...args: unknown[]) => ReferenceBuffer;
      return [name, (...args: unknown[]) => rounded(run(...args))];
    }),
  );
  return decorated(backend, {
    ...kernels,
    name: `reference-${precision}`,
    precision,
    upload: (data, spec) =>
      rounded(backend.upload(data instanceof Float32Array ? Float64Array.from(data) : data, spec)),
    read: async (x) => narrow(await backend.read(x)),
    readSync: (x) => narrow(backend.readSync!(x)),
  }) as unknown as Backend;
}

/** The nearest float16: 11 bits, ties to even, infinite from 65520 on, in steps of 2⁻²⁴ below 2⁻¹⁴. */
function toHalf(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(x)))) - 10);
  const scaled = x / step;
  const low = Math.floor(scaled);
  const rest = scaled - low;
  const y = (rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low) * step;
  return Math.abs(y) > 65504 ? Math.sign(x) * Infinity : y;
}
