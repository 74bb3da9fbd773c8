/** σ(x) = 1 / (1 + e⁻ˣ) */
import { exp } from './exp.js';

/** @param x any double */
export function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}
