/**
 * The one gate. Every op passes `apply`, every fused kernel passes `applyFused` beside it: backend checks, kernel call,
 * scope and tape happen here and nowhere else.
 */
import type { Backend, Kernels } from './backend.js';
import { ArgumentError, backendFailed, BackendError, GradientError } from './errors.js';
import { requireTensor } from './is-tensor.js';
import { own } from './scope.js';
import { sameShape } from './shape.js';
import { record } from './tape.js';
import { operand, Tensor } from './tensor.js';
import type { DType, Operand, Spec } from './types.js';

/** An op: its shape rule, its kernel call and its gradient. Made by `defineOp`. */
export interface Op<A> {
  readonly name: string;
  /** Checks shapes and dtypes of the inputs and gives those of the output. */
  infer(inputs: readonly Spec[], attrs: A): Spec;
  /** The kernel call. Absent where the output is the input's buffer under another shape. */
  forward?(kernels: Kernels, inputs: readonly Operand[], attrs: A, out: Spec): object;
  /** One gradient for each input (null where there is none), made of ops. Absent where the op has no gradient. */
  backward?(of: Differentiation<A>): readonly (Tensor | null)[];
}

/** What a gradient rule may look at. */
export interface Differentiation<A> {
  /** ∂L/∂output, of the output's shape. */
  readonly grad: Tensor<'float32'>;
  readonly inputs: readonly Tensor[];
  /** Only float32 values have gradients. */
  readonly output: Tensor<'float32'>;
  readonly attrs: A;
  /** Which inputs lead to a parameter: the gradient of the others will not be used. */
  readonly needs: readonly boolean[];
}

/** Runs an op on tensors of one backend. */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attrs: A): Tensor {
  const backend = backendOf(op.name, inputs);
  const out = op.infer(inputs, attrs);
  let result: Tensor;
  if (op.forward === undefined) {
    const buffer = Tensor.bufferOf(inputs[0]!, op.name);
    buffer.shares++;
    result = new Tensor(buffer, out.shape, out.dtype);
    own(result);
  } else {
    const operands = inputs.map((x) => operand(x, op.name));
    result = create(op.name, backend, out, () => op.forward!(backend, operands, attrs, out));
  }
  if (op.backward !== undefined) {
    record(op.name, inputs, [result], ([grad], held) => {
      const [output] = held.outputs as [Tensor<'float32'>];
      const of = { grad: grad as Tensor<'float32'>, inputs: held.inputs as Tensor[], output, attrs, needs: held.needs };
      return checkedGradients(op.name, of.inputs, op.backward!(of));
    });
  }
  return result;
}

/** Makes the tensor of a fresh handle: what a kernel gave, or an upload. */
export function create<D extends DType>(
  op: string,
  backend: Backend,
  out: Spec & { dtype: D },
  make: () => object,
): Tensor<D> {
  const handle = guarded(op, backend, make);
  const result = new Tensor({ backend, handle, shares: 1 }, out.shape, out.dtype);
  own(result as Tensor);
  return result;
}

/**
 * What a rule gave, when it is of the inputs' shapes, dtype and backend: else a sum further back would broadcast, or the
 * caller of `grad` would find something else than what is differentiated, silently.
 */
export function checkedGradients(op: string, inputs: readonly Tensor[], grads: unknown): readonly (Tensor | null)[] {
  const fits = (x: Tensor, g: unknown): boolean =>
    g == null ||
    (Tensor.is(g) &&
      sameShape(g.shape, x.shape) &&
      (g.dtype === 'float32' || x.dtype !== 'float32') &&
      g.backend === x.backend);
  if (!Array.isArray(grads) || !inputs.every((x, i) => fits(x, grads[i]))) {
    throw new GradientError(
      op,
      'backward must give a list of gradients',
      { inputs: inputs.map(String), grads: Array.isArray(grads) ? grads.map(String) : grads },
      'each of its input’s shape, dtype and backend, or null',
    );
  }
  return grads as (Tensor | null)[];
}

/** The backend that all inputs share; a typed error for foreign objects and mixtures. */
export function backendOf(op: string, inputs: readonly Tensor[]): Backend {
  let backend: Backend | undefined;
  for (let i = 0; Array.isArray(inputs) && i < inputs.length; i++) {
    const x = inputs[i]!;
    requireTensor(op, `input ${i}`, x);
    if (backend === undefined) backend = x.backend;
    else if (x.backend !== backend) {
      throw new BackendError(
        op,
        'inputs live on different backends',
        { one: backend.name, other: x.backend.name },
        'transfer(tensor, backend) moves one; each call of cpu() makes another backend',
        'BACKEND_MIXED',
      );
    }
  }
  if (backend === undefined) throw new ArgumentError(op, 'needs at least one tensor', {}, 'make one with tensor(…)');
  return backend;
}

/** Whatever a kernel throws of its own reaches the user as a BackendError that names op and backend. */
export function guarded<T>(op: string, backend: Backend, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw backendFailed(op, backend.name, error);
  }
}
