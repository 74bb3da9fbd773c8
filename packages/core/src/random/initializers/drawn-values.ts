/** What an initializer gave, checked: one of the user's own may give anything. */
import { ArgumentError } from '../../errors.js';
import { kindOfArray } from '../../kind-of-array.js';
import { checkShape, type Shape } from '../check.js';
import type { FanAxes, Initializer } from './initializer.js';

/**
 * The values of a shape, row-major; for packages that make parameters.
 *
 * @param op who asks, for the error
 * @param axes see `Initializer`
 * @throws ArgumentError unless the initializer gives a Float32Array with a number for each element
 */
export function drawnValues(op: string, from: Initializer, shape: Shape, axes?: FanAxes): Float32Array {
  const size = checkShape(op, shape);
  const values: unknown = from(shape, axes);
  if (kindOfArray(values) !== 'Float32Array' || (values as Float32Array).length !== size) {
    const facts = { shape, got: values };
    const hint = `row-major: new Float32Array(${size})`;
    throw new ArgumentError(op, `an initializer must give a Float32Array of ${size} numbers`, facts, hint);
  }
  return values as Float32Array;
}
