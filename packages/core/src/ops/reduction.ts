/** What reductions have in common: which axes go, and what shape is left. */
import { ShapeError } from '../errors.js';
import { requireTensor } from '../gate.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Shape } from '../types.js';

export interface ReduceOptions {
  /** One axis, several, or all of them when left out; negative ones count from the end. */
  readonly axis?: number | readonly number[];
  /** Keep reduced axes with length 1. Default false. */
  readonly keepDims?: boolean;
}

/** The axes to reduce, ascending. */
export function resolveAxes(op: string, x: Tensor, axis: number | readonly number[] | undefined): readonly number[] {
  requireTensor(op, 'x', x);
  if (axis === undefined) return x.shape.map((_, i) => i);
  const list = (typeof axis === 'number' ? [axis] : [...axis]).map((a) => normalizeAxis(op, a, x.rank));
  list.sort((p, q) => p - q);
  if (new Set(list).size !== list.length) {
    throw new ShapeError(op, 'an axis is named twice', { axis, shape: x.shape }, undefined, 'AXIS');
  }
  return list;
}

/** The shape with `axes` at length 1. */
export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((n, i) => (axes.includes(i) ? 1 : n));
}

/** The shape without `axes`, or with them at length 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims ? keptShape(shape, axes) : shape.filter((_, i) => !axes.includes(i));
}
