/** Sum, max and min over axes. */
import { sizeOf, type Operand, type ReduceOp, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';

export function reduce(
  on: Call,
  op: ReduceOp,
  operand: Operand<TfHandle>,
  axes: readonly number[],
  out: Spec,
): TensorInfo {
  if (sizeOf(operand.shape) === 0) return on.fill(out.shape, 0, out.dtype);
  const x = on.view(operand);
  const axis = [...axes];
  const keepDims = out.shape.length === operand.shape.length;
  if (op === 'max') return on.run('Max', { x }, { reductionIndices: axis, keepDims });
  return on.run(op === 'sum' ? 'Sum' : 'Min', { x }, { axis, keepDims });
}
