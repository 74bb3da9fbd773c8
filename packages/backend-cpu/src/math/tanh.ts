/**
 * tanh x = (e²ˣ − 1) / (e²ˣ + 1) = m / (m + 2), with m = e²ˣ − 1
 *
 * expm1 gives m without cancellation, so that near 0 no other formula is needed.
 */
import { expm1At } from './expm1.js';

/** x[i] = tanh(x[i]) */
export function tanhAt(x: Float64Array, i: number): void {
  expm1At(x, i, 2);
  const m = x[i]!;
  x[i] = m === Infinity ? 1 : m / (m + 2);
}
