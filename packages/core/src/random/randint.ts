/** `keras.random.randint` on the host: a word modulo the number of values. */
import { checkOptions } from '../checks.js';
import { ArgumentError } from '../errors.js';
import { checkInteger, checkShape, type Shape } from './check.js';
import { philoxWords } from './philox.js';
import type { Seed } from './seed.js';
import { streamOf } from './stream.js';

/** Options of `randint`. */
export interface RandintOptions {
  /** Without one, the next of the global generator: see `setRandomSeed`. */
  seed?: Seed | undefined;
}

const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;

/**
 * Whole numbers from minval, included, to maxval, excluded; row-major, those of Keras 3.15 on TensorFlow's CPU.
 *
 *     randint([10], 0, 100, { seed: 42 });
 *
 * @throws ArgumentError for a bad shape or seed, bounds that are not int32, or with nothing between them
 */
export function randint(shape: Shape, minval: number, maxval: number, options: RandintOptions = {}): Int32Array {
  checkOptions('randint', options, ['seed']);
  const size = checkShape('randint', shape);
  checkInteger('randint', 'minval', minval, INT32_MIN, INT32_MAX);
  checkInteger('randint', 'maxval', maxval, INT32_MIN, INT32_MAX);
  if (minval >= maxval) {
    throw new ArgumentError('randint', 'maxval must be above minval', { minval, maxval }, 'maxval itself is excluded');
  }
  const words = philoxWords(streamOf('randint', options.seed), size);
  const out = new Int32Array(size);
  for (let i = 0; i < size; i++) out[i] = minval + (words[i]! % (maxval - minval));
  return out;
}
