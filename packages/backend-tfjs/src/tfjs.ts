/** The backend: each kernel of the contract is one call on the engine, and its result a handle in the ledger. */
import { checkOptions, sizeOf, type Backend, type HostArray, type Operand, type Spec } from '@recurra/core';
import type { BackendValues, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { publish } from './border.js';
import { call, type Call } from './call.js';
import { hostArray, openEngine, precisionOf, type EngineName } from './engine.js';
import { ledger, type TfHandle } from './handle.js';
import { checkNotLost, unlessLost, watchForLoss } from './loss.js';
import { languageOf } from './shaders/shader.js';
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
   * The tfjs backend to run on, by name or as `tf.backend()` gives it; the application imports it, as
   * '@tensorflow/tfjs-backend-cpu'. Default: the one it has chosen with `tf.setBackend`, or 'cpu'.
   */
  readonly engine?: EngineName | KernelBackend;
}

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
  watchForLoss(engine);
  checkNotLost(engine);
  const { hold, free, live, close } = ledger(engine);
  const upload = (data: HostArray, { shape, dtype }: Spec): TfHandle => {
    checkNotLost(engine);
    return hold({ dataId: backend.write(data.slice() as BackendValues, [...shape], dtype), shape: [...shape], dtype });
  };
  /** Runs a kernel, unless there is nothing to compute. */
  const give = (out: Spec, body: (on: Call) => TensorInfo): TfHandle => {
    if (sizeOf(out.shape) === 0) return upload(hostArray(out.dtype, 0), out);
    checkNotLost(engine);
    return hold(call(engine, body));
  };

  const made: Backend<TfHandle> = {
    name: `tfjs ${engine.name}`,
    precision: precisionOf(backend),
    upload,
    read: (x) => unlessLost(engine, async () => copied(await backend.read(x.handle.info.dataId), x)),
    ...(languageOf(backend) !== 'wgsl' && {
      readSync(x: Operand<TfHandle>): HostArray {
        checkNotLost(engine);
        const values = copied(backend.readSync(x.handle.info.dataId), x);
        checkNotLost(engine);
        return values;
      },
    }),
    free,
    live,
    dispose: close,

    fill: (value, out) => give(out, (on) => fill(on, value, out)),
    cast: (x, out) => give(out, (on) => cast(on, x, out)),
    unary: (op, x, out) => give(out, (on) => unary(on, op, x)),
    binary: (op, a, b, out) => give(out, (on) => binary(on, op, a, b, out)),
    compare: (op, a, b, out) => give(out, (on) => binary(on, op, a, b, out)),
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
  publish(made, engine, hold);
  return made;
}

/** A copy in the array that carries the dtype: engines hand out their own buffers, and keep some int32 as floats. */
function copied(values: BackendValues, { dtype }: Spec): HostArray {
  return hostArray(dtype, values as ArrayLike<number>);
}
