/** y = f(x): tfjs's own kernels, but for two. */
import type { Operand, UnaryOp } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { select } from '../select.js';
import { erf } from './erf.js';

const kernels: Readonly<Record<Exclude<UnaryOp, 'erf' | 'sign'>, string>> = {
  neg: 'Neg',
  abs: 'Abs',
  square: 'Square',
  sqrt: 'Sqrt',
  exp: 'Exp',
  expm1: 'Expm1',
  log: 'Log',
  log1p: 'Log1p',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  sin: 'Sin',
  cos: 'Cos',
  floor: 'Floor',
  logicalNot: 'LogicalNot',
};

export function unary(on: Call, op: UnaryOp, operand: Operand<TfHandle>): TensorInfo {
  const x = on.view(operand);
  if (op === 'erf') return erf(on, x);
  if (op === 'sign') return sign(on, x);
  return on.run(kernels[op], { x });
}

/** tfjs gives 0 for NaN: where it gives 0, x itself is right, be it NaN, 0 or −0. */
function sign(on: Call, x: TensorInfo): TensorInfo {
  const s = on.run('Sign', { x });
  if (x.dtype !== 'float32') return s;
  return select(on, on.run('NotEqual', { a: s, b: on.fill([], 0, 'float32') }), s, x);
}
