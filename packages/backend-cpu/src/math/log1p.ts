/** log(1 + x), without cancellation: near 0 by f = x/(2 + x), elsewhere from log. */
import { log, twiceArtanh } from './log.js';

export function log1p(x: number): number {
  if (x === 0) return x;
  return x > -0.25 && x < 0.35 ? twiceArtanh(x / (2 + x)) : log(1 + x);
}
