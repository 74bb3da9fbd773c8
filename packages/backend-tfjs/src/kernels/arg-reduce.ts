/**
 * Where the greatest or least element is: the lowest index among equals, as tfjs has it, and the first NaN, which tfjs
 * passes over.
 */
import { sizeOf, type ArgReduceOp, type Operand, type Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { select } from '../select.js';
import { rows } from '../shaders/rows.js';
import { rowsOf } from './rows-of.js';

export function argReduce(on: Call, op: ArgReduceOp, operand: Operand<TfHandle>, axis: number, out: Spec): TensorInfo {
  const x = on.view(operand);
  if (x.dtype === 'float32' && on.shades)
    return on.reshape(on.shader(rows[op], [rowsOf(on, x, [axis])], [sizeOf(out.shape)], 'int32'), out.shape);
  const kernel = op === 'argMax' ? 'ArgMax' : 'ArgMin';
  if (on.language === 'wgsl') return on.reshape(on.run(kernel, { x: rowsOf(on, x, [axis]) }, { axis: 1 }), out.shape);
  const found = on.run(kernel, { x }, { axis });
  if (x.dtype !== 'float32') return on.reshape(found, out.shape);
  const nan = on.run('IsNan', { x });
  const first = on.run('ArgMax', { x: on.run('Cast', { x: nan }, { dtype: 'int32' }) }, { axis });
  const some = on.run('Any', { x: nan }, { axis: [axis], keepDims: false });
  return on.reshape(select(on, some, first, found), out.shape);
}
