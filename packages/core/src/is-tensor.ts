/** Telling tensors from everything else. */
import { ArgumentError } from './errors.js';
import { brand, Tensor } from './tensor.js';

/** Whether it is a tensor, of this copy of the package. */
export function isTensor(x: unknown): x is Tensor {
  return Tensor.is(x);
}

/** Throws unless `x` is a tensor of this copy of core, and not disposed. */
export function requireTensor(op: string, role: string, x: unknown): asserts x is Tensor {
  if (Tensor.is(x)) {
    Tensor.bufferOf(x, op);
    return;
  }
  if (x !== null && typeof x === 'object' && brand in x) {
    throw new ArgumentError(
      op,
      `${role} is a tensor of another copy of @recurra/core, or a proxy of one`,
      {},
      'npm ls @recurra/core shows copies; unwrap a reactive proxy',
      'FOREIGN_TENSOR',
    );
  }
  throw new ArgumentError(op, `${role} is not a tensor`, { [role]: x }, 'make one with tensor(…)', 'NOT_A_TENSOR');
}
