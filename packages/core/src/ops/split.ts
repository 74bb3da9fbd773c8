/** An axis cut into parts, one slice for each.   ∂x = the gradients of the parts, joined */
import { full } from '../create.js';
import { customGradients } from '../custom-gradient.js';
import { defineOp } from '../define-op.js';
import { ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { areLengths, normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { concat } from './concat.js';

interface Part {
  readonly axis: number;
  readonly begin: number;
  readonly length: number;
}

/** One part. It has no gradient: all of them together have one, below. */
const cut = /* @__PURE__ */ defineOp<Part>({
  name: 'split',
  infer: ([x], { axis, length }) => ({ shape: x!.shape.with(axis, length), dtype: x!.dtype }),
  forward: (kernels, [x], { axis, begin }, out) =>
    kernels.slice(
      x!,
      out.shape.map((_, i) => (i === axis ? begin : 0)),
      out.shape.map(() => 1),
      out,
    ),
});

/** As many as `N` says, a number or a list with an entry for each, where the types know how many that is. */
type Times<N, T, Found extends T[] = []> = N extends readonly unknown[]
  ? { -readonly [K in keyof N]: T }
  : number extends N
    ? T[]
    : Found['length'] extends N
      ? Found
      : Found['length'] extends 32
        ? T[]
        : Times<N, T, [...Found, T]>;

/**
 * An axis cut into parts, one after the other.
 *
 *     const [i, f, c, o] = split(z, 4);
 *     const [head, tail] = split(x, [1, 5], 0);
 *
 * @param parts how many equal parts, or the length of each
 * @throws ShapeError when the parts do not make up the axis
 */
export function split<D extends DType, const N extends number | readonly number[]>(
  x: Tensor<D>,
  parts: N,
  axis?: number,
): Times<N, Tensor<D>>;
export function split<D extends DType>(x: Tensor<D>, parts: number | readonly number[], axis = -1): Tensor<D>[] {
  requireTensor('split', 'x', x);
  const at = normalizeAxis('split', axis, x.rank);
  const length = x.shape[at]!;
  const sizes = typeof parts === 'number' ? equalParts(length, parts) : Array.from(parts ?? [NaN]);
  if (!areLengths(sizes) || sizes.reduce((a, b) => a + b, 0) !== length) {
    throw new ShapeError(
      'split',
      `the parts do not make up axis ${at}`,
      { x: x.shape, parts },
      `its length is ${length}`,
    );
  }
  let begin = 0;
  // As one step: by the chain rule each part would bring a gradient as large as x, and they would be summed.
  return customGradients(
    'split',
    x,
    () =>
      sizes.map((size) => {
        const part = cut([x], { axis: at, begin, length: size });
        begin += size;
        return part as Tensor<D>;
      }),
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
