/**
 * float32 normals within two standard deviations, by rejection. How many words a value takes is not known beforehand, so
 * each group of four values has 256 blocks of the stream to itself.
 */
import { boxMuller } from './box-muller.js';
import { scaleFloat32 } from './normal-float32.js';
import { philoxBlock, type PhiloxStream } from './philox.js';

/** n·stddev + mean with |n| < 2, each operation rounded to float32. */
export function truncatedNormalFloat32(stream: PhiloxStream, size: number, mean: number, stddev: number): Float32Array {
  const words = new Uint32Array(4);
  const pair = new Float32Array(2);
  const out = new Float32Array(size);
  for (let start = 0; start < size; start += 4) {
    let block = 64 * start;
    let filled = 0;
    for (let word = 0; filled < 4; word = (word + 2) & 3) {
      if (word === 0) philoxBlock(stream, block++, words);
      boxMuller(words[word]!, words[word + 1]!, pair);
      // The last group may be cut short: a typed array ignores what is written past its end.
      if (Math.abs(pair[0]!) < 2) out[start + filled++] = pair[0]!;
      if (filled < 4 && Math.abs(pair[1]!) < 2) out[start + filled++] = pair[1]!;
    }
  }
  return scaleFloat32(out, mean, stddev);
}
