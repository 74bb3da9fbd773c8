/** sin x: sin or cos of the rest after whole quarter turns, with the quadrant's sign. */
import { cosNear, reduceAngle, sinNear, type Reduced } from './reduce-angle.js';

const reduced: Reduced = { r: 0, quadrant: 0 };

/** Any float32; NaN for infinities. */
export function sin(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  if (x === 0) return x;
  reduceAngle(x, reduced);
  const { r, quadrant } = reduced;
  const y = quadrant & 1 ? cosNear(r) : sinNear(r);
  return quadrant & 2 ? -y : y;
}
