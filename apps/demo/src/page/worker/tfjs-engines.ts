/** TensorFlow.js's engines as backends; each comes in files of its own, which only who chooses it loads. */
import { tfjs } from '@recurra/backend-tfjs';
import type { Backend } from '@recurra/core';
import { enableProdMode, env } from '@tensorflow/tfjs-core';

enableProdMode(); // no checks of its own: core has made them

export async function tfjsWasm(): Promise<Backend> {
  const [{ setWasmPaths }, plain, simd] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
  ]);
  // Its build with threads makes workers of its own source text, which does not survive being minified.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const here = (file: { readonly default: string }): string => new URL(file.default, import.meta.url).href;
  setWasmPaths({
    'tfjs-backend-wasm.wasm': here(plain),
    'tfjs-backend-wasm-simd.wasm': here(simd),
    'tfjs-backend-wasm-threaded-simd.wasm': here(simd), // asked for, and never loaded
  });
  return tfjs({ engine: 'wasm' });
}

export async function tfjsWebgl(): Promise<Backend> {
  await import('@tensorflow/tfjs-backend-webgl');
  return tfjs({ engine: 'webgl' });
}

export async function tfjsWebgpu(): Promise<Backend> {
  await import('@tensorflow/tfjs-backend-webgpu');
  return tfjs({ engine: 'webgpu' });
}
