/** Keras's `SeedGenerator`: a seed that gives another pair at every draw. */
import { checkSeed } from './check.js';
import { nextSeed } from './global-seed.js';
import type { SeedPair } from './seed.js';

/** A stream of seeds, one for each draw: Keras's SeedGenerator. */
export interface SeedGenerator {
  /** `[seed, 0]`, then `[seed, 1]`, … */
  next(): SeedPair;
}

/**
 * A generator of seeds, for `seed:` of a random function or for `dropoutMask`. Without a seed it takes `nextSeed()`.
 *
 *     const seeds = seedGenerator(42);
 *     normal([2, 3], { seed: seeds.next() });
 *
 * @throws ArgumentError when the seed is not a whole number
 */
export function seedGenerator(seed: number = nextSeed()): SeedGenerator {
  checkSeed('seedGenerator', seed);
  let draw = 0;
  return { next: () => [seed, draw++] };
}
