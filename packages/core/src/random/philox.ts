/**
 * Philox4x32-10 (Salmon et al. 2011): block number b of a stream is a keyed permutation of the counter b, so any block
 * can be had without the ones before it.
 */

/** All streams used here start at block 0, so the low half of the 128-bit counter is the block number itself. */
export interface PhiloxStream {
  readonly key0: number;
  readonly key1: number;
  /** The high half of the counter, which tells the streams of one key apart. */
  readonly high0: number;
  readonly high1: number;
}

const TWO_32 = 4294967296;

/** Writes the four words of a block at `out[at]`; `block` is a whole number below 2⁵³. */
export function philoxBlock(stream: PhiloxStream, block: number, out: Uint32Array, at = 0): void {
  let c0 = block >>> 0;
  let c1 = (block / TWO_32) >>> 0;
  let c2 = stream.high0;
  let c3 = stream.high1;
  let k0 = stream.key0;
  let k1 = stream.key1;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** The first `count` words of a stream, and up to three more: whole blocks. */
export function philoxWords(stream: PhiloxStream, count: number): Uint32Array {
  const blocks = Math.ceil(count / 4);
  const words = new Uint32Array(4 * blocks);
  for (let b = 0; b < blocks; b++) philoxBlock(stream, b, words, 4 * b);
  return words;
}

/** The high word of a 64-bit product, from four products of 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = Math.imul(aHigh, bLow);
  const cross = Math.imul(aLow, bHigh);
  const carry = ((Math.imul(aLow, bLow) >>> 16) + (middle & 0xffff) + (cross & 0xffff)) >>> 16;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16) + carry) >>> 0;
}
