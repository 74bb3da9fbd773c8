/** Loads a backend when it is chosen, once; one that cannot be had says why, and is tried again the next time. */
import { BackendError, type Backend } from '@recurra/core';
import type { BackendId } from './backend-choices.js';

const loaders: Readonly<Record<BackendId, () => Promise<Backend>>> = {
  async cpu() {
    const { cpu, gradients } = await import('@recurra/backend-cpu');
    return cpu({ gradients });
  },
  async wasm() {
    const { wasm } = await import('@recurra/backend-wasm');
    return wasm().catch((error: unknown) => {
      if (error instanceof BackendError && error.code === 'BACKEND_UNSUPPORTED')
        throw new Error('wasm: this browser has no WebAssembly SIMD.', { cause: error });
      throw error;
    });
  },
  async 'wasm-relaxed'() {
    await loadBackend('wasm'); // says why where there is no SIMD at all
    const { wasm } = await import('@recurra/backend-wasm');
    const backend = await wasm({ relaxed: true });
    if (backend.engine.fallback === undefined) return backend;
    backend.dispose?.();
    throw new Error(`wasm relaxed: ${backend.engine.fallback}.`);
  },
  async 'wasm-threads'() {
    const cores = navigator.hardwareConcurrency;
    if (cores < 2) throw new Error('wasm threads: this machine has one core.');
    const { wasm } = await import('@recurra/backend-wasm');
    // Threads wait for each other in every step: more of them help no more.
    const backend = await wasm({ threads: Math.min(4, cores) });
    if (backend.engine.fallback === undefined) return backend;
    backend.dispose?.();
    throw new Error(`wasm threads: ${backend.engine.fallback}.`);
  },
  async 'tfjs-wasm'() {
    const { tfjsWasm } = await import('./tfjs-engines.js');
    return tfjsWasm();
  },
  async 'tfjs-webgl'() {
    if (typeof OffscreenCanvas === 'undefined' || new OffscreenCanvas(1, 1).getContext('webgl2') === null)
      throw new Error('tfjs webgl: this browser gives workers no WebGL 2.');
    const { tfjsWebgl } = await import('./tfjs-engines.js');
    return tfjsWebgl();
  },
  async 'tfjs-webgpu'() {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
    if (gpu === undefined) throw new Error('tfjs webgpu: this browser has no WebGPU.');
    if ((await gpu.requestAdapter()) === null)
      throw new Error('tfjs webgpu: this browser has WebGPU, but finds no graphics adapter for it.');
    const { tfjsWebgpu } = await import('./tfjs-engines.js');
    return tfjsWebgpu();
  },
};

const loaded = new Map<BackendId, Promise<Backend>>();

export function loadBackend(id: BackendId): Promise<Backend> {
  let backend = loaded.get(id);
  if (backend === undefined) {
    backend = loaders[id]();
    loaded.set(id, backend);
    backend.catch(() => loaded.delete(id));
  }
  return backend;
}
