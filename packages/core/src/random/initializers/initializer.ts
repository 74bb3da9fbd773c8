/** What an initializer is: a function from a shape to its first values. */
import { nextSeed } from '../global-seed.js';
import { checkSeed, type Shape } from '../check.js';
import type { PhiloxStream } from '../philox.js';
import { kerasStream } from '../seed.js';

/** Which axes of a kernel count its inputs and which its outputs, where the last two do not say. */
export interface FanAxes {
  inputAxes: readonly number[];
  outputAxes: readonly number[];
}

/**
 * Row-major values for a shape. The same shape gives the same values at every call, and shapes of equal size the same
 * numbers, as in Keras. A function of your own serves as well.
 *
 * `axes` comes from layers whose kernels have several axes on a side, such as multi-head attention; the initializers
 * that scale with the fans go by it unless they were made with axes of their own.
 */
export type Initializer = (shape: Shape, axes?: FanAxes) => Float32Array;

/** What every random initializer can be given. */
export interface SeedOptions {
  /** A whole number; without one, `nextSeed()` when the initializer is made. */
  seed?: number | undefined;
}

/** The stream an initializer draws from at every call. */
export function initializerStream(op: string, seed: number = nextSeed()): PhiloxStream {
  checkSeed(op, seed);
  return kerasStream([seed, 0]);
}
