/** TensorFlow.js on WebAssembly; the first argument is the folder of its .wasm files. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { firstResult } from './tfjs-layer.js';

setWasmPaths(process.argv[2]!);
void firstResult('wasm');
