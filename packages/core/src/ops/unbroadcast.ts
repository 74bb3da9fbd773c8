/** The gradient of broadcasting: what was repeated is summed. */
import { sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Shape } from '../types.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/** Sums `grad` over the axes along which a value of `shape` was repeated. */
export function unbroadcast(grad: Tensor, shape: Shape): Tensor {
  if (sameShape(grad.shape, shape)) return grad;
  const extra = grad.rank - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < grad.rank; i++) if (i < extra || (shape[i - extra] === 1 && grad.shape[i] !== 1)) axes.push(i);
  return reshape(sum(grad, { axis: axes }), shape);
}
