/** float32 uniforms: the 23 low bits of each word of a stream. */
import { philoxWords, type PhiloxStream } from './philox.js';

const TWO_M23 = 1.1920928955078125e-7;

/** u·(maxval − minval) + minval, each operation rounded to float32. */
export function uniformFloat32(stream: PhiloxStream, size: number, minval: number, maxval: number): Float32Array {
  const words = philoxWords(stream, size);
  const low = Math.fround(minval);
  const width = Math.fround(Math.fround(maxval) - low);
  const out = new Float32Array(size);
  for (let i = 0; i < size; i++) out[i] = Math.fround((words[i]! & 0x7fffff) * TWO_M23 * width) + low;
  return out;
}
