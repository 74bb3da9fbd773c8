/** Box–Muller: two words give two independent standard normals, √(−2 ln u)·(sin 2πv, cos 2πv), sine first. */
import { logf } from './logf.js';
import { sincosf } from './sincosf.js';

const TWO_PI = 6.283185307179586;
const TWO_M23 = 1.1920928955078125e-7;
// TensorFlow's guard against ln 0: the float32 nearest to 1e-7.
const EPSILON = 1.0000000116860974e-7;

/** float32, every step rounded as TensorFlow rounds it. */
export function boxMuller(w0: number, w1: number, out: Float32Array): void {
  const u = Math.max((w0 & 0x7fffff) * TWO_M23, EPSILON);
  const angle = Math.fround(TWO_PI * ((w1 & 0x7fffff) * TWO_M23));
  const radius = Math.fround(Math.sqrt(Math.fround(-2 * logf(u))));
  sincosf(angle, out);
  out[0]! *= radius;
  out[1]! *= radius;
}
