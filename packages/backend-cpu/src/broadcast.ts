/**
 * Strided views, worked out once. An operand is a start and one step for each axis (0 where it is repeated), and `walk`
 * turns any number of axes into rows: the loops of the kernels then see a row, and step from element to element.
 */

/** The distance between neighbours along each axis of a dense row-major array. */
export function strides(shape: readonly number[]): number[] {
  const steps: number[] = [];
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis]!;
  }
  return steps;
}

/** The steps with which a dense array of `shape` is read as one of shape `out`. */
export function broadcast(shape: readonly number[], out: readonly number[]): number[] {
  const own = strides(shape);
  const lead = out.length - shape.length;
  return out.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : own[axis - lead]!));
}

/** A row of `n` elements: it begins at element `at` of the walk, and at p, q, r of the operands, with a step in each. */
export type Row = (at: number, n: number, p: number, dp: number, q: number, dq: number, r: number, dr: number) => void;

/**
 * Visits `shape` in row-major order, one row at a time. Up to three operands, each with a step for every axis. Axes
 * that all operands can walk as one are merged, so that rows are as long as they can be.
 */
export function walk(shape: readonly number[], operands: readonly (readonly number[])[], row: Row, start = 0): void {
  // Innermost first: the length of each merged axis, and the step of each operand along it.
  const lengths: number[] = [];
  const merged: number[][] = [[], [], []];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const n = shape[axis]!;
    if (n === 0) return;
    if (n === 1) continue;
    const last = lengths.length - 1;
    if (last >= 0 && operands.every((steps, i) => steps[axis] === merged[i]![last]! * lengths[last]!)) {
      lengths[last]! *= n;
    } else {
      lengths.push(n);
      merged.forEach((steps, i) => steps.push(operands[i]?.[axis] ?? 0));
    }
  }
  const [P, Q, R] = merged as [number[], number[], number[]];
  const n = lengths[0] ?? 1;
  const dp = P[0] ?? 0;
  const dq = Q[0] ?? 0;
  const dr = R[0] ?? 0;
  let at = 0;
  const visit = (axis: number, p: number, q: number, r: number): void => {
    if (axis <= 0) {
      row(at, n, p, dp, q, dq, r, dr);
      at += n;
      return;
    }
    for (let i = 0; i < lengths[axis]!; i++) {
      visit(axis - 1, p, q, r);
      p += P[axis]!;
      q += Q[axis]!;
      r += R[axis]!;
    }
  };
  visit(lengths.length - 1, start, 0, 0);
}
