/** TensorFlow.js on WebAssembly with SIMD, one thread. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { tfjsEngine } from '../engines/tfjs/index.js';
import { loadTfjs } from '../engines/tfjs/load.js';
import { tfjsVersion } from '../engines/tfjs/version.js';
import type { Peer } from '../peer.js';

export const tfjsWasm: Peer = {
  name: 'tfjs wasm',
  against: ['recurra wasm', 'recurra wasm relaxed'],
  versions: () => [tfjsVersion()],
  does: (task) => !('cell' in task && task.cell === 'GRU'),
  async open() {
    const loaded = await loadTfjs();
    const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const { resolve } = createRequire(import.meta.url);
    setWasmPaths(`${path.dirname(resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'))}/`);
    setThreadsCount(1);
    await loaded.tf.setBackend('wasm');
    return tfjsEngine(loaded);
  },
};
