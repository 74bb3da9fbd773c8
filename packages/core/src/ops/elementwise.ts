/** What element-wise ops have in common: their shape rule, their kernel call, and numbers in place of tensors. */
import type { BinaryOp, CompareOp, UnaryOp } from '../backend.js';
import { checkedFloats, requireDType } from '../checks.js';
import { scalarLike } from '../create.js';
import { defineOp, type Differentiation, type OpFunction } from '../define-op.js';
import { ArgumentError, DTypeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { scope } from '../scope.js';
import { broadcastShapes } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType, Spec } from '../types.js';

export { requireDType };

type Floats = Tensor<'float32'>;

/** A gradient rule of an element-wise op: from ∂L/∂output to ∂L/∂inputs. Only float32 values have one. */
type Rule<Inputs> = (
  of: Omit<Differentiation<void>, 'inputs'> & { readonly inputs: Inputs },
) => readonly (Tensor | null)[];

/** y = f(x), element by element, of the input's shape and dtype. */
export function defineUnary(
  name: UnaryOp,
  dtypes: readonly DType[],
  backward?: Rule<readonly [x: Floats]>,
): OpFunction<void> {
  return defineOp<void>({
    name,
    infer([x]) {
      requireDType(name, 'x', x!, dtypes);
      return { shape: x!.shape, dtype: x!.dtype };
    },
    forward: (kernels, [x], _, out) => kernels.unary(name, x!, out),
    ...(backward && { backward }),
  });
}

/** An op of two tensors, or of a tensor and a number. */
type Pairwise = (a: Tensor | number, b: Tensor | number) => Tensor;

/** z = f(a, b), broadcasting, of the inputs' common dtype. */
export function defineBinary(
  name: BinaryOp,
  dtypes: readonly DType[],
  backward?: Rule<readonly [a: Floats, b: Floats]>,
): Pairwise {
  const op = defineOp<void>({
    name,
    infer: (inputs) => ({ shape: broadcastPair(name, inputs, dtypes), dtype: inputs[0]!.dtype }),
    forward: (kernels, [a, b], _, out) => kernels.binary(name, a!, b!, out),
    ...(backward && { backward }),
  });
  return (a, b) => withNumbers(name, a, b, (x, y) => op([x, y]));
}

/** z = whether a relates to b, broadcasting, as bool: `kernel` of a and b, or of b and a. It has no gradient. */
export function defineCompare(name: string, kernel: CompareOp, dtypes: readonly DType[], swapped = false): Pairwise {
  const op = defineOp<void>({
    name,
    infer: (inputs) => ({ shape: broadcastPair(name, inputs, dtypes), dtype: 'bool' }),
    forward: (kernels, [a, b], _, out) =>
      swapped ? kernels.compare(kernel, b!, a!, out) : kernels.compare(kernel, a!, b!, out),
  });
  return (a, b) => withNumbers(name, a, b, (x, y) => op([x, y]));
}

/** A float32 function made of ops: checks x, and frees what it does not return. */
export function compose(name: string, x: Floats, f: () => Floats): Floats {
  checkedFloats(name, 'x', x);
  return scope(f);
}

/** Calls an op of two operands of which one may be a number: it takes the dtype of the other. */
export function withNumbers(
  name: string,
  a: Tensor | number,
  b: Tensor | number,
  op: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  if (typeof a !== 'number' && typeof b !== 'number') return op(a, b);
  if (typeof a === 'number' && typeof b === 'number') {
    throw new ArgumentError(name, 'at least one operand must be a tensor', { a, b }, 'tensor(…) makes one');
  }
  const like = (typeof a === 'number' ? b : a) as Tensor;
  requireTensor(name, 'operand', like);
  const scalar = scalarLike(name, (typeof a === 'number' ? a : b) as number, like);
  try {
    return typeof a === 'number' ? op(scalar, like) : op(like, scalar);
  } finally {
    scalar.dispose();
  }
}

export function requireSameDType(op: string, a: Spec, b: Spec): void {
  if (a.dtype !== b.dtype) {
    throw new DTypeError(op, 'operands must have one dtype', { a: a.dtype, b: b.dtype }, `cast(b, '${a.dtype}')`);
  }
}

function broadcastPair(name: string, [a, b]: readonly Spec[], dtypes: readonly DType[]): readonly number[] {
  requireDType(name, 'a', a!, dtypes);
  requireSameDType(name, a!, b!);
  return broadcastShapes(name, { a: a!.shape, b: b!.shape });
}

export const numbers: readonly DType[] = ['float32', 'int32'];
export const floats: readonly DType[] = ['float32'];
export const bools: readonly DType[] = ['bool'];
export const anything: readonly DType[] = ['float32', 'int32', 'bool'];
