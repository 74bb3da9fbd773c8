/** onnxruntime-web: WebAssembly with SIMD, one thread. */
import { pathToFileURL } from 'node:url';
import { knownToOnnx, onnxEngine, type Runtime } from '../engines/onnxruntime.js';
import { install, installedFile } from '../install.js';
import type { Peer } from '../peer.js';

const version = '1.30.0';

export const onnxruntimeWeb: Peer = {
  name: 'onnxruntime-web',
  against: ['recurra wasm', 'recurra wasm relaxed'],
  versions: () => [`onnxruntime-web ${version}`],
  does: knownToOnnx,
  absent: (say) => install('onnxruntime-web', version, say),
  async open() {
    const file = pathToFileURL(installedFile('onnxruntime-web', 'dist/ort.wasm.min.mjs')).href;
    const ort = (await import(file)) as Runtime;
    ort.env.wasm.numThreads = 1;
    return onnxEngine(ort);
  },
};
