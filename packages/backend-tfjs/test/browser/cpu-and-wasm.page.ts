/** What every backend promises, on the engines that Node has too. One thread: more would be workers with files of their own. */
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { describeWith } from '@recurra/conformance-tests';
import { enableProdMode, env } from '@tensorflow/tfjs-core';
import { describe, it, whole } from '../../../../tools/browser/page.js';
import { tfjs } from '../../src/index.js';
import { kernels, samples } from './part.js';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';

enableProdMode();
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': 'not asked for',
});

for (const engine of ['cpu', 'wasm'] as const)
  describeWith({ describe, it }, `tfjs ${engine}`, () => tfjs({ engine }), {
    only: whole ? undefined : [...kernels, ...samples],
  });
