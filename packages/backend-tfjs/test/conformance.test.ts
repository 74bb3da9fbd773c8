/** What every backend promises, on the engines that Node has; the others are in test/browser. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { tfjs } from '../src/index.js';

describeBackend('tfjs cpu', () => tfjs({ engine: 'cpu' }));
describeBackend('tfjs wasm', () => tfjs({ engine: 'wasm' }));
