/** z = f(x, y), broadcasting, as tfjs broadcasts too. */
import type { BinaryOp, CompareOp, Operand, Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { shaders } from '../shaders/elementwise.js';
import { extreme } from './extreme.js';
import { pow } from './pow.js';

const kernels: Readonly<Record<Exclude<BinaryOp, 'pow' | 'maximum' | 'minimum'> | CompareOp, string>> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Multiply',
  div: 'RealDiv',
  logicalAnd: 'LogicalAnd',
  logicalOr: 'LogicalOr',
  equal: 'Equal',
  less: 'Less',
  lessEqual: 'LessEqual',
};

export function binary(
  on: Call,
  op: BinaryOp | CompareOp,
  x: Operand<TfHandle>,
  y: Operand<TfHandle>,
  out: Spec,
): TensorInfo {
  const a = on.view(x);
  const b = on.view(y);
  if ((op === 'pow' || op === 'div') && on.shades) return on.shader(shaders[op], [a, b], out.shape, 'float32');
  if (op === 'pow') return pow(on, a, b);
  if (op === 'maximum' || op === 'minimum') return extreme(on, op, a, b);
  return on.run(kernels[op], { a, b });
}
