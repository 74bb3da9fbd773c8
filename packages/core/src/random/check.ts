/** What the generators and initializers accept: every bad option is refused by name, with its value. */
import { checkedFinite } from '../checks.js';
import { ArgumentError } from '../errors.js';
import { checkedSize } from '../shape.js';

export type Shape = readonly number[];

/** The number of elements of a valid shape. */
export function checkShape(op: string, shape: Shape): number {
  return checkedSize(op, shape, ArgumentError);
}

export function checkInteger(op: string, name: string, value: number, low: number, high: number): void {
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw new ArgumentError(op, `${name} must be a whole number`, { [name]: value }, `from ${low} to ${high}`);
  }
}

/** Seeds are Python integers in Keras; a number holds those up to 2⁵³ exactly. */
export function checkSeed(op: string, seed: number): void {
  checkInteger(op, 'seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

export function checkNormal(op: string, mean: number, stddev: number): void {
  checkedFinite(op, 'mean', mean);
  checkedFinite(op, 'stddev', stddev);
  if (stddev < 0) {
    throw new ArgumentError(op, 'stddev must not be negative', { stddev }, 'a standard deviation is 0 or more');
  }
}

export function checkRange(op: string, minval: number, maxval: number): void {
  checkedFinite(op, 'minval', minval);
  checkedFinite(op, 'maxval', maxval);
  if (minval > maxval) {
    throw new ArgumentError(op, 'minval must not be above maxval', { minval, maxval }, 'swap them');
  }
}
