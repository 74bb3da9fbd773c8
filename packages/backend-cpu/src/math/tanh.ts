/**
 * tanh x = (e²ˣ − 1) / (e²ˣ + 1) = m / (m + 2), with m = e²ˣ − 1
 *
 * expm1 gives m without cancellation, so that near 0 no other formula is needed.
 */
import { expm1Within } from './expm1.js';

/** @param x any double; beyond ±20 the result is ±1 */
export function tanh(x: number): number {
  const m = expm1Within(x < -20 ? -40 : x > 20 ? 40 : 2 * x);
  return m / (m + 2);
}
