/** From a Keras seed to a Philox stream, as TensorFlow's stateless generators do it. */
import { checkSeed } from './check.js';
import { philoxBlock, type PhiloxStream } from './philox.js';

/** What Keras's SeedGenerator hands out: the seed and the number of the draw. */
export type SeedPair = readonly [seed: number, draw: number];

/** An integer, which is the pair `[seed, 0]`, or a pair. */
export type Seed = number | SeedPair;

export function checkedPair(op: string, seed: Seed): SeedPair {
  const pair: SeedPair = typeof seed === 'object' && seed !== null ? seed : [seed, 0];
  checkSeed(op, pair[0]);
  checkSeed(op, pair[1]);
  return pair;
}

/** Encrypting the pair with a fixed key makes the streams of neighbouring seeds unrelated. */
export function kerasStream([seed, draw]: SeedPair): PhiloxStream {
  const words = new Uint32Array(4);
  const scramble = { key0: 0x3ec8f720, key1: 0x02461e29, high0: toInt31(draw), high1: 0 };
  philoxBlock(scramble, toInt31(seed), words);
  const [key0, key1, high0, high1] = words as unknown as [number, number, number, number];
  return { key0, key1, high0, high1 };
}

/** Keras reduces each half modulo 2³¹ − 2, so that TensorFlow gets an int32; Python's modulo is never negative. */
function toInt31(value: number): number {
  return floorMod(value, 2147483646);
}

export function floorMod(value: number, modulus: number): number {
  const remainder = value % modulus;
  return remainder < 0 ? remainder + modulus : remainder;
}
