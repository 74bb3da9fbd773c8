/** What every backend promises, on the engines that Node has; the others are in test/browser. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { tfjs } from '../src/index.js';

describeBackend('tfjs cpu', () => tfjs({ engine: 'cpu' }));
// What is made of kernels is the same on both.
const whole = process.env['RECURRA_TESTS'] === 'whole';
const only = ['contract', 'storage', 'kernels', 'lifecycle', 'errors', 'cells/lstm', 'attention/multi-head'];
describeBackend('tfjs wasm', () => tfjs({ engine: 'wasm' }), { only: whole ? undefined : only });
