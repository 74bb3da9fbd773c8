/** The functions by name, the engine's own beside them, and float32 numbers to try them on. */
import { cos } from '../../src/math/cos.js';
import { erfAt } from '../../src/math/erf.js';
import { expAt } from '../../src/math/exp.js';
import { expm1At } from '../../src/math/expm1.js';
import { logAt } from '../../src/math/log.js';
import { log1pAt } from '../../src/math/log1p.js';
import { sigmoidAt } from '../../src/math/sigmoid.js';
import { sin } from '../../src/math/sin.js';
import { tanhAt } from '../../src/math/tanh.js';

export const functions = {
  cos,
  erf: ofNumbers(erfAt),
  exp: ofNumbers(expAt),
  expm1: ofNumbers(expm1At),
  log: ofNumbers(logAt),
  log1p: ofNumbers(log1pAt),
  sigmoid: ofNumbers(sigmoidAt),
  sin,
  tanh: ofNumbers(tanhAt),
};
export type Name = keyof typeof functions;
export const names = Object.keys(functions) as Name[];

function ofNumbers(inPlace: (x: Float64Array, i: number) => void): (x: number) => number {
  return (x) => {
    const a = Float64Array.of(x);
    inPlace(a, 0);
    return a[0]!;
  };
}

/** Good to a few ulp of a double. */
export const engine: Record<Name, (x: number) => number> = {
  cos: Math.cos,
  erf: erfSeries,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sin: Math.sin,
  tanh: Math.tanh,
};

/** erf x = 2/√π · x · e^(−x²) · Σ (2x²)ⁿ / (1·3·5·…·(2n+1)): every term is positive, nothing cancels. */
function erfSeries(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let sum = 1;
  for (let n = 3, term = 1; term > 1e-17 * sum; n += 2) sum += term *= (2 * x * x) / n;
  return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x) * sum;
}

/** n float32 numbers: bit patterns over all exponents, both signs, infinities and NaN. */
export function patterns(n: number, seed: number): Float32Array {
  const words = Uint32Array.from({ length: n }, () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0));
  return new Float32Array(words.buffer);
}

/** The distance between neighbouring float32 numbers at v. */
export function ulp(v: number): number {
  word.setFloat32(0, v);
  return 2 ** (Math.max((word.getUint32(0) >>> 23) & 255, 1) - 150);
}

/** The float32 after x, away from 0. */
export function further(x: number): number {
  word.setFloat32(0, x);
  word.setUint32(0, word.getUint32(0) + 1);
  return word.getFloat32(0);
}

const word = new DataView(new ArrayBuffer(4));
