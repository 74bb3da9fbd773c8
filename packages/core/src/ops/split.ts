/** An axis cut into parts, one slice for each.   ∂x = the gradients of the parts, joined */
import { full } from '../create.js';
import { customGradients } from '../custom-gradient.js';
import { ShapeError } from '../errors.js';
import { requireTensor } from '../gate.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { concat } from './concat.js';
import { slice } from './slice.js';

/**
 * @param parts how many equal parts, or the length of each
 * @throws ShapeError when the parts do not make up the axis
 */
export function split<D extends DType>(x: Tensor<D>, parts: number | readonly number[], axis = -1): Tensor<D>[] {
  requireTensor('split', 'x', x);
  const at = normalizeAxis('split', axis, x.rank);
  const length = x.shape[at]!;
  const sizes = typeof parts === 'number' ? equalParts(length, parts) : Array.from(parts ?? [NaN]);
  if (!sizes.every((n) => Number.isInteger(n) && n >= 0) || sizes.reduce((a, b) => a + b, 0) !== length) {
    throw new ShapeError(
      'split',
      `the parts do not make up axis ${at}`,
      { x: x.shape, parts },
      `its length is ${length}`,
    );
  }
  let begin = 0;
  const cut = (n: number): Tensor<D> => {
    const part = slice(
      x,
      x.shape.map((_, i) => (i === at ? begin : 0)),
      x.shape.with(at, n),
    );
    begin += n;
    return part;
  };
  // As one step: by the chain rule each part would bring a gradient as large as x, and they would be summed.
  return customGradients(
    'split',
    x,
    () => sizes.map(cut),
    (grads, ys) =>
      concat(
        grads.map((g, i) => g ?? full(ys[i]!.shape, 0, { backend: ys[i]!.backend })),
        at,
      ),
  );
}

function equalParts(length: number, parts: number): readonly number[] {
  const valid = Number.isSafeInteger(parts) && parts > 0 && length % parts === 0;
  return valid ? Array.from({ length: parts }, () => length / parts) : [NaN];
}
