/** σ(x) = 1 / (1 + e⁻ˣ) */
import { expAt } from './exp.js';

/** x[i] = σ(x[i]) */
export function sigmoidAt(x: Float64Array, i: number): void {
  expAt(x, i, -1);
  x[i] = 1 / (1 + x[i]!);
}
