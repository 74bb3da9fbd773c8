/**
 * Strided views, cut into planes. An operand is a start and one step for each axis (0 where it is repeated), and `planes`
 * turns any number of axes into planes of m rows of n elements: one call of the module for each, mostly one in all.
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

/** The steps of an operand through a plane: from row to row, and inside a row. */
export interface Steps {
  readonly row: number;
  readonly element: number;
}

/**
 * Visits `shape` in row-major order, one plane of m rows of n elements at a time: it begins at element `at` of the walk,
 * and at `starts` of the operands, which has a new content at each call. Axes that all operands can walk as one are
 * merged.
 */
export function planes(
  shape: readonly number[],
  operands: readonly (readonly number[])[],
  plane: (m: number, n: number, steps: readonly Steps[], at: number, starts: readonly number[]) => void,
): void {
  // Innermost first: the length of each merged axis, and the step of each operand along it.
  const lengths: number[] = [];
  const merged: number[][] = operands.map(() => []);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const n = shape[axis]!;
    if (n === 0) return;
    if (n === 1) continue;
    const last = lengths.length - 1;
    if (last >= 0 && operands.every((steps, i) => steps[axis] === merged[i]![last]! * lengths[last]!)) {
      lengths[last]! *= n;
    } else {
      lengths.push(n);
      operands.forEach((steps, i) => merged[i]!.push(steps[axis]!));
    }
  }
  const n = lengths[0] ?? 1;
  const m = lengths[1] ?? 1;
  const steps = merged.map((own) => ({ row: own[1] ?? 0, element: own[0] ?? 0 }));
  const starts = operands.map(() => 0);
  let at = 0;
  const visit = (axis: number): void => {
    if (axis < 2) {
      plane(m, n, steps, at, starts);
      at += m * n;
      return;
    }
    for (let i = 0; i < lengths[axis]!; i++) {
      visit(axis - 1);
      merged.forEach((own, o) => (starts[o]! += own[axis]!));
    }
    merged.forEach((own, o) => (starts[o]! -= own[axis]! * lengths[axis]!));
  };
  visit(lengths.length - 1);
}
