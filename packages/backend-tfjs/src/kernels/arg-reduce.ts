/**
 * Where the greatest or least element is: the lowest index among equals, as tfjs has it, and the first NaN, which tfjs
 * passes over.
 */
import type { ArgReduceOp, Operand, Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { select } from '../select.js';

export function argReduce(on: Call, op: ArgReduceOp, operand: Operand<TfHandle>, axis: number, out: Spec): TensorInfo {
  const x = on.view(operand);
  const found = on.run(op === 'argMax' ? 'ArgMax' : 'ArgMin', { x }, { axis });
  if (x.dtype !== 'float32') return on.reshape(found, out.shape);
  const nan = on.run('IsNan', { x });
  const first = on.run('ArgMax', { x: on.run('Cast', { x: nan }, { dtype: 'int32' }) }, { axis });
  const some = on.run('Any', { x: nan }, { axis: [axis], keepDims: false });
  return on.reshape(select(on, some, first, found), out.shape);
}
