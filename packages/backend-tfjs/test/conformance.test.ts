/** What every backend promises. */
import '@tensorflow/tfjs-backend-cpu';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { tfjs } from '../src/index.js';

describeBackend('tfjs cpu', () => tfjs({ engine: 'cpu' }));
