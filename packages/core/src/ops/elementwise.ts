/** What element-wise ops have in common: their shape rule, their kernel call, and numbers in place of tensors. */
import type { BinaryOp, CompareOp, UnaryOp } from '../backend.js';
import { full } from '../create.js';
import { defineOp, type Differentiation, type OpFunction } from '../define-op.js';
import { ArgumentError, DTypeError } from '../errors.js';
import { requireTensor } from '../gate.js';
import { broadcastShapes } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType, Spec } from '../types.js';

/** A gradient rule of an element-wise op: from ∂L/∂output to ∂L/∂inputs. */
export type Rule = (of: Differentiation<void>) => readonly (Tensor | null)[];

/** y = f(x), element by element, of the input's shape and dtype. */
export function defineUnary(name: UnaryOp, dtypes: readonly DType[], backward?: Rule): OpFunction<void> {
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

/** z = f(x, y), broadcasting, of the inputs' common dtype. */
export function defineBinary(name: BinaryOp, dtypes: readonly DType[], backward?: Rule): OpFunction<void> {
  return defineOp<void>({
    name,
    infer([a, b]) {
      requireDType(name, 'a', a!, dtypes);
      requireSameDType(name, a!, b!);
      return { shape: broadcastShapes(name, { a: a!.shape, b: b!.shape }), dtype: a!.dtype };
    },
    forward: (kernels, [a, b], _, out) => kernels.binary(name, a!, b!, out),
    ...(backward && { backward }),
  });
}

/** z = whether x relates to y, broadcasting, as bool. It has no gradient. */
export function defineCompare(name: CompareOp): OpFunction<void> {
  return defineOp<void>({
    name,
    infer([a, b]) {
      requireSameDType(name, a!, b!);
      return { shape: broadcastShapes(name, { a: a!.shape, b: b!.shape }), dtype: 'bool' };
    },
    forward: (kernels, [a, b], _, out) => kernels.compare(name, a!, b!, out),
  });
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
  const scalar = full([], (typeof a === 'number' ? a : b) as number, { dtype: like.dtype, backend: like.backend });
  try {
    return typeof a === 'number' ? op(scalar, like) : op(like, scalar);
  } finally {
    scalar.dispose();
  }
}

export function requireDType(op: string, role: string, x: Spec, dtypes: readonly DType[]): void {
  if (!dtypes.includes(x.dtype)) {
    throw new DTypeError(op, `${role} must be ${dtypes.join(' or ')}`, { [role]: x.dtype }, `cast(${role}, '${dtypes[0]}')`);
  }
}

export function requireSameDType(op: string, a: Spec, b: Spec): void {
  if (a.dtype !== b.dtype) {
    throw new DTypeError(op, 'operands must have one dtype', { a: a.dtype, b: b.dtype }, `cast(b, '${a.dtype}')`);
  }
}

export const numbers: readonly DType[] = ['float32', 'int32'];
export const floats: readonly DType[] = ['float32'];
export const bools: readonly DType[] = ['bool'];
