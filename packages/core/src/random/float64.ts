/** The float64 draws: two words a uniform, four words a pair of normals. */
import { log64 } from './double-log.js';
import { sincos64 } from './double-sincos.js';
import { philoxBlock, philoxWords, type PhiloxStream } from './philox.js';

const TWO_PI = 6.283185307179586;
const TWO_32 = 4294967296;
const TWO_M52 = 2.220446049250313e-16;

/** 52 bits: the low 20 of the first word, all of the second. */
function unit(w0: number, w1: number): number {
  return ((w0 & 0xfffff) * TWO_32 + w1) * TWO_M52;
}

export function uniformFloat64(stream: PhiloxStream, size: number, minval: number, maxval: number): Float64Array {
  const words = philoxWords(stream, 2 * size);
  const out = new Float64Array(size);
  // Python's floats reach TensorFlow as float32 here, whatever they are cast to afterwards.
  const low = Math.fround(minval);
  const width = Math.fround(maxval) - low;
  for (let i = 0; i < size; i++) out[i] = unit(words[2 * i]!, words[2 * i + 1]!) * width + low;
  return out;
}

/** Box–Muller, sine first, with the guard against ln 0 that TensorFlow has. */
function boxMuller64(words: Uint32Array, at: number, out: Float64Array): void {
  const u = Math.max(unit(words[at]!, words[at + 1]!), 1e-7);
  const radius = Math.sqrt(-2 * log64(u));
  sincos64(TWO_PI * unit(words[at + 2]!, words[at + 3]!), out);
  out[0]! *= radius;
  out[1]! *= radius;
}

export function normalFloat64(stream: PhiloxStream, size: number, mean: number, stddev: number): Float64Array {
  const words = philoxWords(stream, 2 * size);
  const pair = new Float64Array(2);
  const out = new Float64Array(size);
  for (let i = 0; i < size; i += 2) {
    boxMuller64(words, 2 * i, pair);
    out[i] = pair[0]! * stddev + mean;
    // An odd size drops the last cosine: a typed array ignores what is written past its end.
    out[i + 1] = pair[1]! * stddev + mean;
  }
  return out;
}

/** By rejection: each group of two values has 128 blocks of the stream to itself. */
export function truncatedNormalFloat64(stream: PhiloxStream, size: number, mean: number, stddev: number): Float64Array {
  const words = new Uint32Array(4);
  const pair = new Float64Array(2);
  const out = new Float64Array(size);
  for (let start = 0; start < size; start += 2) {
    let filled = 0;
    for (let block = 64 * start; filled < 2; block++) {
      philoxBlock(stream, block, words);
      boxMuller64(words, 0, pair);
      if (Math.abs(pair[0]!) < 2) out[start + filled++] = pair[0]! * stddev + mean;
      if (filled < 2 && Math.abs(pair[1]!) < 2) out[start + filled++] = pair[1]! * stddev + mean;
    }
  }
  return out;
}
