/**
 * Where tensors of tfjs and of Recurra meet: the other side's tensor of the same data, which goes when both have let go
 * of it. Nothing is copied, and neither side's tape goes through.
 */
import {
  ArgumentError,
  BackendError,
  defaultBackend,
  defineOp,
  DisposedError,
  DTypeError,
  requireTensor,
  tensor,
} from '@recurra/core';
import type { Backend, DType, Tensor } from '@recurra/core';
import { engine as global, Tensor as TfTensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { call } from './call.js';
import { shared, type Engine } from './engine.js';
import type { TfHandle } from './handle.js';

/** What a backend of ours is made of. */
interface Parts {
  readonly engine: Engine;
  hold(info: TensorInfo): TfHandle;
}

const parts = /* @__PURE__ */ new WeakMap<Backend, Parts>();

/** Lets the tensors of this backend pass. */
export function publish(backend: Backend<TfHandle>, engine: Engine, hold: Parts['hold']): void {
  parts.set(backend as Backend, { engine, hold });
}

const entering = /* @__PURE__ */ defineOp<{ theirs: TfTensor; parts: Parts }>({
  name: 'fromTf',
  infer: (_, { theirs }) => ({ shape: [...theirs.shape], dtype: theirs.dtype as DType }),
  forward: (_, __, { theirs, parts: { engine, hold } }) => hold(shared(engine, theirs)),
});

/**
 * A tensor of tfjs as one of Recurra, of the same data. Both are to be disposed, in any order.
 *
 *     const y = tanh(fromTf(tfTensor));
 *
 * @param backend one that `tfjs` made, on the engine that has the data. Default: the one in use.
 * @throws ArgumentError for what is no tensor of tfjs; BackendError when the backend is another's, or the data are on another engine; DTypeError for string and
 * complex64; DisposedError
 */
export function fromTf(x: TfTensor, backend: Backend = defaultBackend('fromTf')): Tensor {
  const op = 'fromTf';
  const known = partsOf(op, backend);
  if (!(x instanceof TfTensor))
    throw new ArgumentError(op, 'needs a tensor of tfjs', { x }, 'fromTf(tf.tensor([1, 2]))', 'NOT_A_TENSOR');
  if (x.isDisposed) throw new DisposedError(op, 'the tensor of tfjs was disposed', {}, 'tf.keep(x) inside of tf.tidy');
  if (!['float32', 'int32', 'bool'].includes(x.dtype))
    throw new DTypeError(op, 'Recurra has no such dtype', { dtype: x.dtype }, 'float32, int32 and bool');
  const there = global().state.tensorInfo.get(x.dataId)?.backend;
  if (there !== known.engine.backend) {
    const { registry } = global();
    throw new BackendError(
      op,
      'the data are on another engine of tfjs',
      { data: Object.keys(registry).find((name) => registry[name] === there), backend: known.engine.name },
      'tensor(await x.data(), x.shape) copies them',
      'BACKEND_MIXED',
    );
  }
  // An op takes its backend from a tensor.
  const seed = tensor(0, [], { backend });
  const made = entering([seed], { theirs: x, parts: known });
  seed.dispose();
  return made;
}

const leaving = /* @__PURE__ */ defineOp<{ parts: Parts; give: (info: TensorInfo) => void }>({
  name: 'toTf',
  infer: ([x]) => x!,
  forward(_, [x], { parts: { engine, hold }, give }) {
    const info = call(engine, (on) => on.view(x as typeof x & { handle: TfHandle }));
    give(info);
    return hold(shared(engine, info));
  },
});

/**
 * A tensor of Recurra as one of tfjs, of the same data. Both are to be disposed, in any order; `tf.tidy` counts it as its
 * own.
 *
 * @throws BackendError when the tensor is on a backend that `tfjs` did not make; DisposedError
 */
export function toTf(x: Tensor): TfTensor {
  const op = 'toTf';
  requireTensor(op, 'x', x);
  const known = partsOf(op, x.backend);
  let theirs: TfTensor | undefined;
  const give = (info: TensorInfo): void => {
    theirs = global().makeTensorFromTensorInfo(info, known.engine.backend);
  };
  leaving([x], { parts: known, give }).dispose();
  return theirs!;
}

function partsOf(op: string, backend: Backend): Parts {
  const found = parts.get(backend);
  if (found !== undefined) return found;
  throw new BackendError(
    op,
    'the backend is none that tfjs() made',
    { backend: backend?.name },
    'transfer(x, backend) moves a tensor to one that is',
    'BACKEND_MIXED',
  );
}
