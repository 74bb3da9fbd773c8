/** y = f(x): tfjs's own kernels, but for some, and for more on GPUs. */
import type { Operand, UnaryOp } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { select } from '../select.js';
import { shaders } from '../shaders/elementwise.js';
import { erf } from './erf.js';
import { log1p } from './log1p.js';

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
  if (x.dtype === 'float32' && on.shades && op in shaders)
    return on.shader(shaders[op as keyof typeof shaders], [x], x.shape, 'float32');
  if (op === 'erf') return erf(on, x);
  if (op === 'sign') return sign(on, x);
  if (op === 'log1p' && on.engine === 'wasm') return log1p(on, x);
  return on.run(kernels[op], { x });
}

/** tfjs gives 0 for NaN: where it gives 0, x itself is right, be it NaN, 0 or −0. */
function sign(on: Call, x: TensorInfo): TensorInfo {
  const s = on.run('Sign', { x });
  if (x.dtype !== 'float32') return s;
  return select(on, on.run('NotEqual', { a: s, b: on.fill([], 0, 'float32') }), s, x);
}
