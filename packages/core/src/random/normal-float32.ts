/** float32 normals: Box–Muller on the pairs of words of each block. */
import { boxMuller } from './box-muller.js';
import { philoxWords, type PhiloxStream } from './philox.js';

/** n·stddev + mean, each operation rounded to float32. */
export function normalFloat32(stream: PhiloxStream, size: number, mean: number, stddev: number): Float32Array {
  const words = philoxWords(stream, size);
  const pair = new Float32Array(2);
  const out = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    boxMuller(words[i]!, words[i + 1]!, pair);
    out[i] = pair[0]!;
    // An odd size drops the last cosine: a typed array ignores what is written past its end.
    out[i + 1] = pair[1]!;
  }
  return scaleFloat32(out, mean, stddev);
}

/** x ← x·stddev + mean in place. */
export function scaleFloat32(x: Float32Array, mean: number, stddev: number): Float32Array {
  const scale = Math.fround(stddev);
  const shift = Math.fround(mean);
  for (let i = 0; i < x.length; i++) x[i] = Math.fround(x[i]! * scale) + shift;
  return x;
}
