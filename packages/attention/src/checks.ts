/** What scores, `attend`, windows, masks and layers refuse, each with the op, the facts and what to do instead. */
import {
  ArgumentError,
  checkedCount,
  checkedFloats,
  DTypeError,
  requireTensor,
  sameShape,
  ShapeError,
} from '@recurra/core';
import type { Shape, Tensor } from '@recurra/core';

/** The last axis. */
export const width = (shape: Shape | undefined): number | null => shape?.[shape.length - 1] ?? null;

/** The shape of a float32 tensor [B, T, D] with at least one feature; keys and values also need one position. */
export function checkedSequence(op: string, role: string, x: unknown): Shape {
  const { shape } = checkedFloats(op, role, x);
  checkRank(op, role, shape, role === 'query' ? '[B, Tq, D]' : '[B, Tk, D]');
  if (role !== 'query' && shape[1] === 0) throw empty(op, role, shape);
  if (shape[2] === 0)
    throw new ShapeError(op, `${role} has no features`, { [role]: shape }, 'the last axis needs at least 1', 'EMPTY');
  return shape;
}

export function checkRank(
  op: string,
  role: string,
  shape: Shape,
  letters: '[B, Tq, D]' | '[B, Tk, D]' | '[B, Tq, Tk]',
): void {
  if (shape.length === 3) return;
  const hint = `${role} is ${letters}; ${shape.length < 3 ? 'expandDims adds an axis' : 'reshape merges axes'}`;
  throw new ShapeError(op, `${role} must have rank 3`, { [role]: shape }, hint, 'RANK');
}

/** Nothing to attend to: a softmax over no positions has no meaning. */
export function empty(op: string, role: string, shape: Shape): ShapeError {
  return new ShapeError(
    op,
    `${role} has no positions`,
    { [role]: shape },
    'Tk must be at least 1; mask positions to leave them out',
    'EMPTY',
  );
}

export function checkBatch(op: string, shapes: Readonly<Record<string, Shape>>): void {
  const [first, ...rest] = Object.values(shapes);
  if (rest.some((shape) => shape[0] !== first![0])) {
    throw new ShapeError(
      op,
      'batches must be equal',
      shapes,
      'the first axis is the batch; broadcastTo repeats one of length 1',
    );
  }
}

/** Queries and keys (or what was prepared of them) are multiplied feature by feature. */
export function checkEqualWidths(op: string, shapes: Readonly<Record<string, Shape>>): void {
  const [first, ...rest] = Object.values(shapes);
  if (rest.some((shape) => width(shape) !== width(first))) {
    throw new ShapeError(
      op,
      'the last axes must be equally long',
      shapes,
      'generalScore, additiveScore and concatScore take unequal ones',
    );
  }
}

/** Prepared keys, where there are any, have as many features as `prepare` gives. */
export function checkPreparedWidth(op: string, prepared: Shape | undefined, expected: number): void {
  if (prepared !== undefined && width(prepared) !== expected) {
    throw new ShapeError(
      op,
      `prepared keys have ${expected} features`,
      { prepared },
      'score.prepare(params, keys) makes them',
    );
  }
}

/** A bool mask that broadcasts to [B, Tq, Tk]. */
export function checkedMask(op: string, mask: unknown, [B, Tq, Tk]: Shape): Tensor<'bool'> {
  const { shape } = checkedBools(op, 'mask', mask);
  const target = [B!, Tq!, Tk!];
  const aligned = target.slice(3 - shape.length);
  const fits = shape.length === 2 || shape.length === 3;
  if (!fits || shape.some((n, i) => n !== 1 && n !== aligned[i])) {
    throw new ShapeError(
      op,
      'mask does not broadcast to the scores',
      { mask: shape, scores: target },
      'mask is [B, Tq, Tk], [B, 1, Tk] or [Tq, Tk]; paddingMask makes [B, 1, Tk] from [B, Tk]',
    );
  }
  return mask as Tensor<'bool'>;
}

export function checkedBools(op: string, role: string, mask: unknown): Tensor<'bool'> {
  requireTensor(op, role, mask);
  if (mask.dtype !== 'bool') {
    throw new DTypeError(
      op,
      `${role} must be bool, true where attention may go`,
      { [role]: mask.dtype },
      `cast(${role}, 'bool')`,
    );
  }
  return mask as Tensor<'bool'>;
}

/** A bool mask of exactly this shape. */
export function checkedPadding(
  op: string,
  role: string,
  mask: unknown,
  expected: Shape,
  letters: string,
): Tensor<'bool'> {
  const bools = checkedBools(op, role, mask);
  if (!sameShape(bools.shape, expected)) {
    throw new ShapeError(
      op,
      `${role} must have one entry for each position`,
      { [role]: bools.shape, expected },
      `${role} is ${letters}`,
    );
  }
  return bools;
}

/** Every width that `init` needs, by name. */
export function checkWidths(op: string, widths: unknown, names: readonly string[]): void {
  const hint = `init({ ${names.map((name) => `${name}: 8`).join(', ')} }): the lengths of the last axes`;
  if (widths === null || typeof widths !== 'object')
    throw new ArgumentError(op, 'init takes widths by name', { widths }, hint);
  for (const name of names) checkedCount(op, name, (widths as Readonly<Record<string, unknown>>)[name], hint);
}
