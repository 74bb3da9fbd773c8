/** cos x = sin(x + π/2), the sum taken without rounding. */
import { reduceAngle, sinNear } from './reduce-angle.js';

/** @param x in radians: any float32, any double up to 2²⁰; NaN for infinities */
export function cos(x: number): number {
  return sinNear(reduceAngle(x, 0.5));
}
