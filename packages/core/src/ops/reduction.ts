/** What reductions have in common: which axes go, what shape is left, and the kernel call. */
import type { ReduceOp } from '../backend.js';
import { checkedFlag, checkOptions } from '../checks.js';
import { defineOp, type Op } from '../define-op.js';
import { ArgumentError, ShapeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Shape, Spec } from '../types.js';
import { numbers, requireDType } from './elementwise.js';
import { reshape } from './reshape.js';

export interface ReduceOptions {
  /** One axis, several, or all of them when left out; negative ones count from the end. */
  readonly axis?: number | readonly number[];
  /** Keep reduced axes with length 1. Default false. */
  readonly keepDims?: boolean;
}

/** The options with all filled in: axes ascending, none negative. */
export interface Reduced {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** A reduction by one kernel, of options already checked. Without axes it is x itself, as a tensor of its own. */
export function defineReduction(
  name: ReduceOp,
  backward: NonNullable<Op<Reduced>['backward']>,
): (x: Tensor, reduced: Reduced) => Tensor {
  const op = defineOp<Reduced>({
    name,
    infer: ([x], { axes, keepDims }) => ({ shape: reducedShape(x!.shape, axes, keepDims), dtype: x!.dtype }),
    forward: (kernels, [x], { axes }, out) => kernels.reduce(name, x!, axes, out),
    backward,
  });
  return (x, reduced) => (reduced.axes.length === 0 ? reshape(x, x.shape) : op([x], reduced));
}

/** What a user asks of a reduction of numbers. */
export function resolveNumbers(op: string, x: Tensor, options: ReduceOptions): Reduced {
  const reduced = resolveReduction(op, x, options);
  requireDType(op, 'x', x, numbers);
  return reduced;
}

export function resolveReduction(op: string, x: Tensor, options: ReduceOptions): Reduced {
  requireTensor(op, 'x', x);
  checkOptions(op, options, ['axis', 'keepDims']);
  const { axis, keepDims = false } = options;
  return { axes: resolveAxes(op, x, axis), keepDims: checkedFlag(op, 'keepDims', keepDims) };
}

/** The axes meant, ascending; all of them when none is named. */
export function resolveAxes(op: string, x: Tensor, axis: number | readonly number[] | undefined): readonly number[] {
  if (axis === undefined) return x.shape.map((_, i) => i);
  if (typeof axis !== 'number' && !Array.isArray(axis)) {
    throw new ArgumentError(op, 'axis must be a number or a list of numbers', { axis }, '{ axis: [0, 1] }');
  }
  const list = (typeof axis === 'number' ? [axis] : [...axis]).map((a) => normalizeAxis(op, a, x.rank));
  list.sort((p, q) => p - q);
  if (new Set(list).size !== list.length) {
    throw new ShapeError(op, 'an axis is named twice', { axis, x: x.shape }, 'name each once', 'AXIS');
  }
  return list;
}

/** Throws when there is nothing along the axes: some reductions of nothing have no value. */
export function requireSome(op: string, x: Spec, axes: readonly number[]): void {
  if (axes.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError(
      op,
      'there is nothing to reduce',
      { x: x.shape, axes },
      'every reduced axis needs an element',
      'EMPTY',
    );
  }
}

/** The shape with `axes` at length 1. */
export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((n, i) => (axes.includes(i) ? 1 : n));
}

/** The shape without `axes`, or with them at length 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims ? keptShape(shape, axes) : shape.filter((_, i) => !axes.includes(i));
}
