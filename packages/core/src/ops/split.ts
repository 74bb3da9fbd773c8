/** An axis cut into parts: one slice for each. */
import { ShapeError } from '../errors.js';
import { requireTensor } from '../gate.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { slice } from './slice.js';

/** @param parts how many equal parts, or the length of each */
export function split<D extends DType>(x: Tensor<D>, parts: number | readonly number[], axis = -1): Tensor<D>[] {
  requireTensor('split', 'x', x);
  const at = normalizeAxis('split', axis, x.rank);
  const length = x.shape[at]!;
  const sizes = typeof parts === 'number' ? Array.from({ length: parts }, () => length / parts) : parts;
  if (!sizes.every((n) => Number.isInteger(n) && n >= 0) || sizes.reduce((a, b) => a + b, 0) !== length) {
    throw new ShapeError('split', `the parts do not make up axis ${at}`, { x: x.shape, parts });
  }
  let begin = 0;
  return sizes.map((n) => {
    const part = slice(x, x.shape.map((_, i) => (i === at ? begin : 0)), x.shape.map((m, i) => (i === at ? n : m)));
    begin += n;
    return part;
  });
}
