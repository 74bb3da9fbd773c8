/** What every backend promises, on WebGPU. */
import '@tensorflow/tfjs-backend-webgpu';
import { describeWith, parseKnownFailures } from '@recurra/conformance-tests';
import { enableProdMode, env } from '@tensorflow/tfjs-core';
import { describe, expectEqual, it, whole } from '../../../../tools/browser/page.js';
import { tfjs } from '../../src/index.js';
import { counted, without } from './counted.js';
import { halves, kernels, samples } from './part.js';
import known from './known-webgpu.txt';

enableProdMode();
// tfjs would compute what is small on its own cpu engine, and the suite is small.
env().set('WEBGPU_CPU_FORWARD', false);
const dispatches = counted(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
const webgpu = () => tfjs({ engine: 'webgpu' });

it('dispatches once or more for each kernel', async () => {
  expectEqual(without(dispatches, await webgpu()), []);
});

it('could tell if it did not', async () => {
  env().set('WEBGPU_CPU_FORWARD', true);
  const forwarded = without(dispatches, await webgpu());
  env().set('WEBGPU_CPU_FORWARD', false);
  expectEqual(forwarded.includes('neg'), true);
});

it('cannot block', async () => {
  expectEqual('readSync' in (await webgpu()), false);
});

const options = { known: parseKnownFailures(known) };
const [first, second] = whole ? halves : [kernels, samples];
describeWith({ describe, it }, 'tfjs webgpu', webgpu, { ...options, only: first });

it('goes on with another shader for products', () => {
  // For small ones tfjs takes one that needs 15 ms on a GPU in software, and cells and attention have thousands of them.
  // This is the one for large products.
  env().set('WEBGPU_MATMUL_PROGRAM_TYPE', 3);
  expectEqual(env().get('WEBGPU_MATMUL_PROGRAM_TYPE'), 3);
});

describeWith({ describe, it }, 'tfjs webgpu', webgpu, { ...options, only: second });
