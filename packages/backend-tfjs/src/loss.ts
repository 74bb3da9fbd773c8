/**
 * A GPU can go away under a page: the driver restarts, the system takes it for another. tfjs then reads zeros from WebGL.
 * Numbers from a device that was lost, even if one came back since, are none.
 */
import { BackendError } from '@recurra/core';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.js';

interface Device {
  /** WebGL. */
  readonly gpgpu?: { readonly gl: Pick<WebGLRenderingContext, 'isContextLost' | 'canvas'> };
  /** WebGPU. */
  readonly device?: { readonly lost: Promise<unknown> };
}

interface State {
  lost: boolean;
  /** Who waits for the device: tfjs itself may wait for ever. */
  readonly waiting: Set<() => void>;
}

const watched = /* @__PURE__ */ new WeakMap<KernelBackend, State>();

/** Notes from now on whether the engine loses its GPU. */
export function watchForLoss({ backend }: Engine): void {
  if (watched.has(backend)) return;
  const { gpgpu, device } = backend as Device;
  const state: State = { lost: false, waiting: new Set() };
  const note = (): void => {
    state.lost = true;
    for (const wake of state.waiting) wake();
  };
  gpgpu?.gl.canvas.addEventListener('webglcontextlost', note);
  device?.lost.then(note, note);
  watched.set(backend, state);
}

/** @throws BackendError with the code BACKEND_LOST once the engine has lost its GPU */
export function checkNotLost(engine: Engine): void {
  const { backend } = engine;
  if (watched.get(backend)?.lost || (backend as Device).gpgpu?.gl.isContextLost()) throw lostError(engine);
}

/** What a read gives, unless the GPU is lost before it is there, or was: then a BackendError with the code BACKEND_LOST. */
export async function unlessLost<T>(engine: Engine, read: () => Promise<T>): Promise<T> {
  checkNotLost(engine);
  const { waiting } = watched.get(engine.backend)!;
  let wake = (): void => {};
  const lost = new Promise<never>((_, reject) => {
    wake = () => reject(lostError(engine));
  });
  waiting.add(wake);
  try {
    return await Promise.race([read(), lost]);
  } catch (error) {
    // WebGPU breaks off a read a little before it says that the device is lost.
    if ((engine.backend as Device).device !== undefined)
      await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 100))]);
    throw error;
  } finally {
    waiting.delete(wake);
    // What arrived, or what went wrong, after the device was gone says nothing.
    checkNotLost(engine);
  }
}

function lostError({ name }: Engine): BackendError {
  return new BackendError(
    'tfjs',
    `the GPU that '${name}' ran on is lost, and all tensors with it`,
    { engine: name },
    `tf.removeBackend('${name}'), register it again, and make tensors and backend anew`,
    'BACKEND_LOST',
  );
}
