/** Arithmetic on shapes: the rules that ops share when they infer what they will give. */
import { ShapeError } from './errors.js';
import type { Shape } from './types.js';

/** The number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** NumPy's rule: align at the last axis; lengths are equal or one of them is 1. */
export function broadcastShapes(op: string, shapes: Readonly<Record<string, Shape>>): Shape {
  const list = Object.values(shapes);
  const rank = list.reduce((r, s) => (s.length > r ? s.length : r), 0);
  const out = Array.from({ length: rank }, () => 1);
  for (const shape of list) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i;
      const n = shape[i]!;
      if (n === out[at] || n === 1) continue;
      if (out[at] !== 1) {
        throw new ShapeError(op, 'shapes do not broadcast', shapes, 'aligned at the last axis, lengths must be equal or 1');
      }
      out[at] = n;
    }
  }
  return out;
}

/** Turns −1 into rank − 1 and so on; throws when there is no such axis. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= rank) {
    throw new ShapeError(op, `there is no axis ${axis}`, { rank }, `axes run from ${-rank} to ${rank - 1}`, 'AXIS');
  }
  return at;
}

/** Throws unless the rank is the one the op works on. */
export function requireRank(op: string, role: string, shape: Shape, rank: number, letters: string): void {
  if (shape.length !== rank) {
    throw new ShapeError(op, `${role} must have rank ${rank}`, { [role]: shape }, `${role} is ${letters}`, 'RANK');
  }
}
