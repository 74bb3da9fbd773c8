/**
 * An engine is a tfjs backend that runs beside whatever the application does with tfjs. tfjs's ops run on the one
 * backend that `tf.setBackend` chose, belong to the innermost `tf.tidy` and are written on a gradient's tape; its
 * kernels need none of that. So we ask the registry for the backend and for its kernels, and never choose.
 */
import { BackendError, type DType } from '@recurra/core';
import {
  engine as global,
  env,
  findBackend,
  getKernel,
  getKernelsForBackend,
  keep,
  Tensor,
} from '@tensorflow/tfjs-core';
import type { KernelBackend, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';

/** The engines of TensorFlow.js by the names they register under. */
export type EngineName = 'cpu' | 'wasm' | 'webgl' | 'webgpu';

export interface Engine {
  readonly name: string;
  readonly backend: KernelBackend;
}

const packages: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['cpu', '@tensorflow/tfjs-backend-cpu'],
  ['wasm', '@tensorflow/tfjs-backend-wasm'],
  ['webgl', '@tensorflow/tfjs-backend-webgl'],
  ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
]);

/**
 * The engine of this name, started if it was not; or this one. Without: the one the application has chosen, or 'cpu'.
 *
 * @throws BackendError when no backend is registered under the name, or it does not start
 */
export async function openEngine(engine: string | KernelBackend | undefined): Promise<Engine> {
  const wanted = nameOf(engine) ?? global().backendName ?? 'cpu';
  if (!global().backendNames().includes(wanted)) throw unregistered(wanted);
  const backend = await start(wanted);
  if (backend === undefined) {
    throw new BackendError(
      'tfjs',
      `tfjs could not start its backend '${wanted}'`,
      {},
      'tfjs has written the reason to the console',
    );
  }
  // tfjs does this whenever a backend is chosen; wasm's kernels find their functions here.
  for (const { setupFunc } of getKernelsForBackend(wanted)) setupFunc?.(backend);
  return { name: wanted, backend };
}

/** tfjs knows its kernels by the name a backend is registered under. */
function nameOf(engine: string | KernelBackend | undefined): string | undefined {
  if (typeof engine !== 'object' || engine === null) return engine;
  const { registry } = global();
  const name = Object.keys(registry).find((key) => registry[key] === engine);
  if (name === undefined) throw unregistered(engine);
  return name;
}

// Starting a backend twice makes tfjs give up the first attempt, so attempts are shared.
const starting = new Map<string, Promise<KernelBackend | undefined>>();

function start(name: string): Promise<KernelBackend | undefined> {
  let attempt = starting.get(name);
  if (attempt === undefined) {
    attempt = startOnce(name).finally(() => starting.delete(name));
    starting.set(name, attempt);
  }
  return attempt;
}

async function startOnce(name: string): Promise<KernelBackend | undefined> {
  const { registry } = global();
  // The application may be starting it at this moment.
  if (registry[name] === undefined && global().backendName === name) await global().ready();
  // null: it starts, but not at once. Anything else that is no backend: it failed.
  if (registry[name] === undefined && findBackend(name) === null) await global().ready();
  return registry[name];
}

/** Runs one kernel of the engine. */
export function runKernel(
  { name, backend }: Engine,
  kernel: string,
  inputs: NamedTensorInfoMap | readonly TensorInfo[],
  attrs: NamedAttrMap,
): TensorInfo {
  const config = getKernel(kernel, name);
  if (config == null)
    throw new BackendError(
      'tfjs',
      `tfjs's backend '${name}' has no kernel ${kernel}`,
      {},
      "tfjs({ engine: 'cpu' }) has all",
    );
  const made = config.kernelFunc({ inputs: inputs as NamedTensorInfoMap, backend, attrs });
  const result = Array.isArray(made) ? made[0]! : made;
  // A few kernels make a tensor that tfjs counts; kept, it survives the application's tidy.
  return result instanceof Tensor ? keep(result) : result;
}

/** The same data once more: freed when both have been. */
export function shared({ backend }: Engine, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** Lets go of what a kernel made. */
export function drop({ backend }: Engine, info: TensorInfo): void {
  if (info instanceof Tensor) info.dispose();
  // A tensor of the application had a share in it, and went first.
  else if (backend.disposeData(info.dataId)) global().removeDataId(info.dataId, backend);
}

/** The array that carries a dtype on the host. */
export function hostArray(dtype: DType, from: number | ArrayLike<number>): Float32Array | Int32Array | Uint8Array {
  const Host: new (from: number | ArrayLike<number>) => Float32Array | Int32Array | Uint8Array =
    dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return new Host(from);
}

/**
 * Bits of its float32 tensors. tfjs's WebGL engine says 16 of 32-bit textures, and finds out by a read that blocks, so
 * the flag that decides on the textures is asked.
 */
export function precisionOf(backend: KernelBackend): 16 | 32 {
  if ('gpgpu' in backend) return env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? 32 : 16;
  return backend.floatPrecision();
}

function unregistered(name: unknown): BackendError {
  const from = packages.get(name as string);
  const hint =
    from === undefined
      ? `tfjs({ engine }) takes ${[...packages.keys()].join(', ')}, or what tf.backend() gives`
      : `npm install ${from}, and import '${from}' first`;
  return new BackendError(
    'tfjs',
    'tfjs has no such backend',
    { engine: name, registered: global().backendNames() },
    hint,
    'BACKEND_UNKNOWN',
  );
}
