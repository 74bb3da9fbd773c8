/** How many inputs a unit of a kernel sees and how many outputs it feeds. */
import { ArgumentError } from '../../errors.js';
import type { Shape } from '../check.js';
import type { FanAxes } from './initializer.js';

/** From the given axes; else the last two axes, each times the receptive field in front of them. */
export function fans(op: string, shape: Shape, axes: FanAxes | undefined): { fanIn: number; fanOut: number } {
  if (axes != null) return { fanIn: over(op, shape, axes.inputAxes), fanOut: over(op, shape, axes.outputAxes) };
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0]!, fanOut: shape[0]! };
  let field = 1;
  for (const length of shape.slice(0, -2)) field *= length;
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}

function over(op: string, shape: Shape, axes: readonly number[]): number {
  if (!Array.isArray(axes))
    throw new ArgumentError(op, 'axes must be a list', { axes }, '{ inputAxes: [0], outputAxes: [1] }');
  let product = 1;
  for (const axis of axes) {
    const length = Number.isInteger(axis) ? shape.at(axis) : undefined;
    if (length === undefined) {
      throw new ArgumentError(op, 'there is no such axis', { axis, shape }, `axes run from 0 to ${shape.length - 1}`);
    }
    product *= length;
  }
  return product;
}
