/** onnxruntime-node: the native runtime, one thread. */
import { createRequire } from 'node:module';
import { knownToOnnx, onnxEngine, type Runtime } from '../engines/onnxruntime.js';
import { install, installedFile } from '../install.js';
import type { Peer } from '../peer.js';

const version = '1.30.0';

export const onnxruntimeNode: Peer = {
  name: 'onnxruntime-node',
  against: ['recurra wasm', 'recurra wasm relaxed'],
  versions: () => [`onnxruntime-node ${version}`],
  does: knownToOnnx,
  absent: (say) => install('onnxruntime-node', version, say),
  open: async () =>
    onnxEngine(createRequire(import.meta.url)(installedFile('onnxruntime-node', 'dist/index.js')) as Runtime),
};
