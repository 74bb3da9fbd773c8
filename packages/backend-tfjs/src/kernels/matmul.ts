/**
 * C = A·B over the last two axes. tfjs's engines walk through the leading axes of both operands modulo their number,
 * which is right when one operand has all of them or one matrix only; another operand is repeated first.
 */
import { sizeOf, type MatmulOptions, type Operand, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcastTo } from '../broadcast.js';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';

export function matmul(
  on: Call,
  a: Operand<TfHandle>,
  b: Operand<TfHandle>,
  { transposeA, transposeB }: MatmulOptions,
  out: Spec,
): TensorInfo {
  // No column times no row is 0, which not every engine writes.
  if (sizeOf(a.shape) === 0) return on.fill(out.shape, 0, out.dtype);
  const lead = out.shape.slice(0, -2);
  const batch = sizeOf(lead);
  const matrices = (x: Operand<TfHandle>): TensorInfo => {
    const [rows, columns] = x.shape.slice(-2) as [number, number];
    const count = sizeOf(x.shape.slice(0, -2));
    const whole = count === 1 || count === batch ? on.view(x) : broadcastTo(on, on.view(x), [...lead, rows, columns]);
    return on.reshape(whole, [count === 1 ? 1 : batch, rows, columns]);
  };
  const product = on.run('BatchMatMul', { a: matrices(a), b: matrices(b) }, { transposeA, transposeB });
  return on.reshape(product, out.shape);
}
