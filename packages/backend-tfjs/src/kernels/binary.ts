/** z = f(x, y), broadcasting, as tfjs broadcasts too. */
import type { BinaryOp, CompareOp, Operand } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { pow } from './pow.js';

const kernels: Readonly<Record<Exclude<BinaryOp, 'pow'> | CompareOp, string>> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Multiply',
  div: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
  logicalAnd: 'LogicalAnd',
  logicalOr: 'LogicalOr',
  equal: 'Equal',
  less: 'Less',
  lessEqual: 'LessEqual',
};

export function binary(on: Call, op: BinaryOp | CompareOp, x: Operand<TfHandle>, y: Operand<TfHandle>): TensorInfo {
  const a = on.view(x);
  const b = on.view(y);
  return op === 'pow' ? pow(on, a, b) : on.run(kernels[op], { a, b });
}
