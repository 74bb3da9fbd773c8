/** The process's own randomness: Python's global twister and Keras's global SeedGenerator. */
import { ArgumentError } from '../errors.js';
import { checkInteger } from './check.js';
import { floorMod, type SeedPair } from './seed.js';
import { pythonRandint, pythonTwister } from './twister.js';

const MAX_SEED = 1_000_000_000;

interface Slot {
  /** Python's twister, once it is seeded: a program that never calls setRandomSeed need not load it. */
  draw: (() => number) | null;
  pair: SeedPair | null;
}

// On a registered symbol, so that two copies of this package in one program draw from one sequence.
const key = /* @__PURE__ */ Symbol.for('@recurra/core/random');
function slot(): Slot {
  const global = globalThis as { [key]?: Slot };
  return (global[key] ??= { draw: null, pair: null });
}

/**
 * Makes everything that is drawn from now on reproducible: `keras.utils.set_random_seed`. The seeds of initializers,
 * layers and generators that are made without one then follow Keras's sequence.
 *
 * @param seed a whole number from 0 to 2³² − 1, NumPy's limit that Keras inherits
 * @throws ArgumentError for any other seed
 */
export function setRandomSeed(seed: number): void {
  checkInteger('setRandomSeed', 'seed', seed, 0, 4294967295);
  const twister = pythonTwister(seed);
  const state = slot();
  state.draw = () => pythonRandint(twister, 1, MAX_SEED);
  state.pair = null;
}

/** The seed of something made without one: Python's `random.randint(1, 10⁹)`. Fresh numbers until `setRandomSeed`. */
export function nextSeed(): number {
  const { draw } = slot();
  return draw === null ? freshSeed() : draw();
}

/** The pair of a `keras.random` call without a seed. Keras's own rule for moving the global generator on. */
export function nextGlobalPair(): SeedPair {
  const state = slot();
  const pair = state.pair ?? [nextSeed(), 0];
  state.pair = [advance(pair[0]), advance(pair[1])];
  return pair;
}

function advance(value: number): number {
  return floorMod((value + 1) * 5387, 933199);
}

function freshSeed(): number {
  const { crypto } = globalThis as { crypto?: Pick<Crypto, 'getRandomValues'> };
  if (crypto === undefined) {
    throw new ArgumentError('nextSeed', 'there is no crypto.getRandomValues', {}, 'call setRandomSeed(42) first');
  }
  const [word] = crypto.getRandomValues(new Uint32Array(1));
  return 1 + Math.floor((word! / 4294967296) * MAX_SEED);
}
