/** sin x, from its series within a quarter turn of 0. */
import { reduceAngle, sinNear } from './reduce-angle.js';

/** @param x in radians: any float32, any double up to 2²⁰; NaN for infinities */
export function sin(x: number): number {
  return sinNear(reduceAngle(x, 0));
}
