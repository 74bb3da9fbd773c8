/** The gradient of broadcasting: what was repeated is summed. */
import { sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Shape } from '../types.js';
import { reshape } from './reshape.js';
import { sumOver } from './sum.js';

/** Sums `grad` over the axes along which a value of `shape` was repeated. */
export function unbroadcast(grad: Tensor<'float32'>, shape: Shape): Tensor<'float32'> {
  if (sameShape(grad.shape, shape)) return grad;
  const extra = grad.rank - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < grad.rank; i++) if (i < extra || shape[i - extra] !== grad.shape[i]) axes.push(i);
  return reshape(sumOver(grad, { axes, keepDims: false }) as Tensor<'float32'>, shape);
}
