/** The backend: each kernel of the contract is one call on the engine, and its result a handle in the ledger. */
import { checkOptions, sizeOf, type Backend, type HostArray, type Operand, type Spec } from '@recurra/core';
import type { BackendValues, TensorInfo } from '@tensorflow/tfjs-core';
import { call, type Call } from './call.js';
import { openEngine, type EngineName } from './engine.js';
import { ledger, type TfHandle } from './handle.js';
import { argReduce } from './kernels/arg-reduce.js';
import { binary } from './kernels/binary.js';
import { gather } from './kernels/gather.js';
import { cast, fill } from './kernels/make.js';
import { matmul } from './kernels/matmul.js';
import { concat, slice, transpose } from './kernels/move.js';
import { reduce } from './kernels/reduce.js';
import { scatterAdd } from './kernels/scatter-add.js';
import { unary } from './kernels/unary.js';
import { where } from './kernels/where.js';

export interface TfjsOptions {
  /**
   * The tfjs backend to run on; the application imports it, as '@tensorflow/tfjs-backend-cpu'. Default: the one it has
   * chosen with `tf.setBackend`, or 'cpu'.
   */
  readonly engine?: EngineName;
}

// The others would stop the page until the GPU is done, or cannot block at all.
const blocking: ReadonlySet<string> = /* @__PURE__ */ new Set(['cpu', 'wasm']);

/**
 * A backend on an engine of TensorFlow.js. The application's own tfjs stays as it is: the chosen engine, `tf.tidy`,
 * gradients and tensors.
 *
 *     import '@tensorflow/tfjs-backend-cpu';
 *     await useBackend(tfjs({ engine: 'cpu' }));
 *
 * @throws BackendError when the engine is not registered or does not start; ArgumentError for an unknown option
 */
export async function tfjs(options: TfjsOptions = {}): Promise<Backend<TfHandle>> {
  checkOptions('tfjs', options, ['engine']);
  const engine = await openEngine(options.engine);
  const { backend } = engine;
  const { hold, free, live, close } = ledger(engine);
  const upload = (data: HostArray, { shape, dtype }: Spec): TfHandle =>
    hold({ dataId: backend.write(data.slice() as BackendValues, [...shape], dtype), shape: [...shape], dtype });
  /** Runs a kernel, unless there is nothing to compute. */
  const give = (out: Spec, body: (on: Call) => TensorInfo): TfHandle =>
    sizeOf(out.shape) === 0 ? upload(new (arrayOf(out))(0), out) : hold(call(engine, body));

  return {
    name: `tfjs ${engine.name}`,
    precision: backend.floatPrecision(),
    upload,
    read: async (x) => hostArray(await backend.read(x.handle.info.dataId), x),
    ...(blocking.has(engine.name) && {
      readSync: (x: Operand<TfHandle>) => hostArray(backend.readSync(x.handle.info.dataId), x),
    }),
    free,
    live,
    dispose: close,

    fill: (value, out) => give(out, (on) => fill(on, value, out)),
    cast: (x, out) => give(out, (on) => cast(on, x, out)),
    unary: (op, x, out) => give(out, (on) => unary(on, op, x)),
    binary: (op, a, b, out) => give(out, (on) => binary(on, op, a, b)),
    compare: (op, a, b, out) => give(out, (on) => binary(on, op, a, b)),
    where: (cond, a, b, out) => give(out, (on) => where(on, cond, a, b, out)),
    reduce: (op, x, axes, out) => give(out, (on) => reduce(on, op, x, axes, out)),
    argReduce: (op, x, axis, out) => give(out, (on) => argReduce(on, op, x, axis, out)),
    matmul: (a, b, swapped, out) => give(out, (on) => matmul(on, a, b, swapped, out)),
    transpose: (x, perm, out) => give(out, (on) => transpose(on, x, perm)),
    slice: (x, begin, strides, out) => give(out, (on) => slice(on, x, begin, strides, out)),
    concat: (xs, axis, out) => give(out, (on) => concat(on, xs, axis)),
    gather: (x, indices, axis, out) => give(out, (on) => gather(on, x, indices, axis, out)),
    scatterAdd: (updates, indices, axis, out) => give(out, (on) => scatterAdd(on, updates, indices, axis, out)),
  };
}

type Data = Float32Array | Int32Array | Uint8Array;

function arrayOf({ dtype }: Spec): new (from: number | ArrayLike<number>) => Data {
  return dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
}

/** A copy in the array that carries the dtype: engines hand out their own buffers, and keep some int32 as floats. */
function hostArray(values: BackendValues, x: Spec): Data {
  return new (arrayOf(x))(values as ArrayLike<number>);
}
