/** Sum, max and min over axes. */
import { sizeOf, type Operand, type ReduceOp, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { rows } from '../shaders/rows.js';
import { rowsOf } from './rows-of.js';

export function reduce(
  on: Call,
  op: ReduceOp,
  operand: Operand<TfHandle>,
  axes: readonly number[],
  out: Spec,
): TensorInfo {
  if (sizeOf(operand.shape) === 0) return on.fill(out.shape, 0, out.dtype);
  const x = on.view(operand);
  if (op !== 'sum' && x.dtype === 'float32' && on.shades)
    return on.reshape(on.shader(rows[op], [rowsOf(on, x, axes)], [sizeOf(out.shape)], 'float32'), out.shape);
  // tfjs would bring integers into order itself, with a shader that takes floats alone.
  if (on.language === 'wgsl' && x.dtype !== 'float32')
    return on.reshape(run(on, op, rowsOf(on, x, axes), [1], false), out.shape);
  return run(on, op, x, axes, out.shape.length === operand.shape.length);
}

function run(on: Call, op: ReduceOp, x: TensorInfo, axes: readonly number[], keepDims: boolean): TensorInfo {
  const axis = [...axes];
  if (op === 'max') return on.run('Max', { x }, { reductionIndices: axis, keepDims });
  return on.run(op === 'sum' ? 'Sum' : 'Min', { x }, { axis, keepDims });
}
