/** cos x = sin(x + π/2): the same quadrants, one further. */
import { cosNear, reduceAngle, sinNear, type Reduced } from './reduce-angle.js';

const reduced: Reduced = { r: 0, quadrant: 0 };

/** Any float32; NaN for infinities. */
export function cos(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  reduceAngle(x, reduced);
  const { r, quadrant } = reduced;
  const y = quadrant & 1 ? sinNear(r) : cosNear(r);
  return (quadrant + 1) & 2 ? -y : y;
}
