/** Arithmetic on shapes: the rules that ops share when they infer what they will give. */
import { type RecurraError, ShapeError } from './errors.js';
import type { Shape } from './types.js';

/** The number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

/** Whether two shapes have the same rank and the same lengths. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether it is a list of whole numbers, none negative, without holes. */
export function areLengths(list: unknown): list is Shape {
  return (
    Array.isArray(list) && Array.from(list as unknown[]).every((n) => Number.isSafeInteger(n) && (n as number) >= 0)
  );
}

/** The number of elements of what was given as a shape, once it is known to be one that can be held. */
export function checkedSize(op: string, shape: Shape, Refusal: typeof RecurraError = ShapeError): number {
  if (!areLengths(shape)) {
    const hint = 'for example [2, 3]; [] is a scalar';
    throw new Refusal(op, 'a shape is a list of whole numbers, none negative', { shape }, hint);
  }
  // No typed array is longer everywhere; an axis without elements must not hide that.
  if (sizeOf(shape.map((n) => n || 1)) > 2147483647) {
    throw new Refusal(op, 'a tensor of this shape is too large', { shape }, 'at most 2³¹ − 1 elements', 'TOO_LARGE');
  }
  return sizeOf(shape);
}

/** NumPy's rule: align at the last axis; lengths are equal or one of them is 1. The roles are for the error. */
export function broadcastShapes(op: string, shapes: Readonly<Record<string, Shape>>): Shape {
  let out: Shape | undefined;
  for (const role in shapes) {
    const shape = shapes[role]!;
    if (out === undefined || sameShape(out, shape)) {
      out = shape;
      continue;
    }
    const [long, short]: [Shape, Shape] = out.length >= shape.length ? [out, shape] : [shape, out];
    const shift = long.length - short.length;
    out = long.map((n, i) => {
      const m = i < shift ? 1 : short[i - shift]!;
      if (n !== m && n !== 1 && m !== 1) {
        throw new ShapeError(op, 'shapes do not broadcast', shapes, 'aligned at the last axis, lengths are equal or 1');
      }
      return n === 1 ? m : n;
    });
  }
  return out ?? [];
}

/** Turns −1 into rank − 1 and so on; throws when there is no such axis. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  const at = Number.isInteger(axis) && axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= rank) {
    throw new ShapeError(op, 'there is no such axis', { axis, rank }, `axes run from ${-rank} to ${rank - 1}`, 'AXIS');
  }
  return at;
}
