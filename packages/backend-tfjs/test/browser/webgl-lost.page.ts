/** A WebGL context that is lost, and one that came back: no numbers rather than zeros. */
import '@tensorflow/tfjs-backend-webgl';
import { BackendError, tanh, tensor, useBackend } from '@recurra/core';
import { backend as active, enableProdMode, env, setBackend } from '@tensorflow/tfjs-core';
import { expectEqual, failure, it } from '../../../../tools/browser/page.js';
import { tfjs } from '../../src/index.js';

enableProdMode();
env().set('WEBGL_CPU_FORWARD', false);

it('rejects reads with a typed error once the context is lost, also when it is restored', async () => {
  await setBackend('webgl');
  const on = await useBackend(tfjs({ engine: active() }));
  const x = tensor([0.5, -1, 2, 3, 4]);
  const y = tanh(x);
  expectEqual((await y.data()).length, 5);
  const z = tanh(y);
  const { gl } = (active() as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu;
  const loss = gl.getExtension('WEBGL_lose_context')!;
  const waiting = failure(() => tanh(z).data());
  loss.loseContext();
  const errors = [await waiting, await failure(() => z.data()), await failure(() => z.dataSync())];
  errors.push(await failure(() => tanh(y)), await failure(() => tensor([1, 2])));

  const restored = new Promise((resolve) => {
    gl.canvas.addEventListener('webglcontextrestored', resolve);
  });
  gl.canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
  await new Promise((resolve) => setTimeout(resolve, 50));
  loss.restoreContext();
  await Promise.race([restored, new Promise((_, reject) => setTimeout(reject, 20_000, new Error('not restored')))]);
  expectEqual(gl.isContextLost(), false);
  errors.push(await failure(() => z.data()), await failure(() => y.data()), await failure(() => z.dataSync()));
  errors.push(await failure(() => tanh(y)));

  for (const error of errors)
    expectEqual([error instanceof BackendError, (error as BackendError).code], [true, 'BACKEND_LOST']);
  expectEqual(on.live!(), 4);
});

it('opens no engine whose context is lost', async () => {
  const error = await failure(() => tfjs({ engine: 'webgl' }));
  expectEqual((error as BackendError).code, 'BACKEND_LOST');
});
