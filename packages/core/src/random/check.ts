/** What the generators and initializers accept: every bad option is refused by name, with its value. */
import { ArgumentError } from '../errors.js';

export type Shape = readonly number[];

/** The number of elements of a valid shape. */
export function checkShape(op: string, shape: Shape): number {
  if (!Array.isArray(shape)) {
    throw new ArgumentError(op, 'shape must be an array', { shape }, 'a vector of 5 is [5], a scalar is []');
  }
  let size = 1;
  for (const length of shape as Shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new ArgumentError(
        op,
        'every axis length must be a whole number, 0 or more',
        { shape },
        'for example [12, 8]',
      );
    }
    size *= length;
  }
  return size;
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

export function checkFinite(op: string, name: string, value: number): void {
  if (!Number.isFinite(value)) {
    throw new ArgumentError(op, `${name} must be a finite number`, { [name]: value }, `for example { ${name}: 0.5 }`);
  }
}

export function checkNormal(op: string, mean: number, stddev: number): void {
  checkFinite(op, 'mean', mean);
  checkFinite(op, 'stddev', stddev);
  if (stddev < 0) {
    throw new ArgumentError(op, 'stddev must not be negative', { stddev }, 'a standard deviation is 0 or more');
  }
}

export function checkRange(op: string, minval: number, maxval: number): void {
  checkFinite(op, 'minval', minval);
  checkFinite(op, 'maxval', maxval);
  if (minval > maxval) {
    throw new ArgumentError(op, 'minval must not be above maxval', { minval, maxval }, 'swap them');
  }
}

/** One of a few words; the hint lists them. */
export function checkChoice(op: string, name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new ArgumentError(op, `${name} is not known`, { [name]: value }, `one of ${choices.join(', ')}`);
  }
}
