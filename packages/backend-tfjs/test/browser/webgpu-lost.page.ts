/** A WebGPU device that is lost: no numbers rather than zeros, and no read that waits for ever. */
import '@tensorflow/tfjs-backend-webgpu';
import { BackendError, tanh, tensor, useBackend } from '@recurra/core';
import { enableProdMode, env, findBackend } from '@tensorflow/tfjs-core';
import { expectEqual, failure, it } from '../../../../tools/browser/page.js';
import { tfjs } from '../../src/index.js';

enableProdMode();
env().set('WEBGPU_CPU_FORWARD', false);

it('rejects reads with a typed error once the device is lost', async () => {
  await useBackend(tfjs({ engine: 'webgpu' }));
  const x = tensor([0.5, -1, 2, 3, 4]);
  const y = tanh(x);
  expectEqual((await y.data()).length, 5);
  const z = tanh(y);
  const { device } = findBackend('webgpu') as unknown as { device: GPUDevice };
  const waiting = failure(() => tanh(z).data());
  device.destroy();
  await device.lost;
  for (const error of [
    await waiting,
    await failure(() => z.data()),
    await failure(() => y.data()),
    await failure(() => tanh(y)),
  ])
    expectEqual([error instanceof BackendError, (error as BackendError).code], [true, 'BACKEND_LOST']);
});

it('opens no engine whose device is lost', async () => {
  const error = await failure(() => tfjs({ engine: 'webgpu' }));
  expectEqual((error as BackendError).code, 'BACKEND_LOST');
});
