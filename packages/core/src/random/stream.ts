/** The stream of one call: of its seed, or of the next draw of Keras's global generator. */
import { nextGlobalPair } from './global-seed.js';
import type { PhiloxStream } from './philox.js';
import { checkedPair, kerasStream, type Seed } from './seed.js';

export function streamOf(op: string, seed: Seed | undefined): PhiloxStream {
  return kerasStream(seed === undefined ? nextGlobalPair() : checkedPair(op, seed));
}
