/**
 * The memory: what a decoder looks at, one row for each row of the batch. Where its mask is false it is padding and counts
 * as 0, so that nothing in it, not even NaN, reaches an output or a gradient.
 */
import {
  checkedFloats,
  DTypeError,
  expandDims,
  requireTensor,
  reshape,
  sameShape,
  ShapeError,
  where,
  type Tensor,
} from '@recurra/core';
import type { Floats } from '@recurra/cells';

/** A memory as the user gave it, checked. */
export interface Memory {
  /** [B, Tk, M] */
  readonly memory: Floats;
  /** [B, Tk] */
  readonly mask: Tensor<'bool'> | null;
  readonly batch: number;
  /** Tk */
  readonly length: number;
  /** M */
  readonly features: number;
}

/** @throws ShapeError, DTypeError */
export function checkedMemory(op: string, memory: unknown, mask: unknown): Memory {
  const floats = checkedFloats(op, 'memory', memory);
  const { shape } = floats;
  if (shape.length !== 3) {
    throw new ShapeError(op, 'memory must have rank 3', { memory: shape }, 'memory is [batch, time, features]', 'RANK');
  }
  const [batch, length, features] = shape as readonly [number, number, number];
  if (length === 0 || features === 0) {
    const hint = 'at least 1 position of at least 1 feature; a mask hides positions';
    throw new ShapeError(op, 'the memory is empty', { memory: shape }, hint, 'EMPTY');
  }
  if (mask == null) return { memory: floats, mask: null, batch, length, features };
  requireTensor(op, 'mask', mask);
  if (mask.dtype !== 'bool')
    throw new DTypeError(
      op,
      'mask must be bool',
      { mask: mask.dtype },
      "true where the memory is not padding: cast(mask, 'bool')",
    );
  if (!sameShape(mask.shape, [batch, length])) {
    const facts = { mask: mask.shape, expected: [batch, length] };
    throw new ShapeError(
      op,
      'mask must have one entry for each position of the memory',
      facts,
      'mask is [batch, time]',
    );
  }
  return { memory: floats, mask: mask as Tensor<'bool'>, batch, length, features };
}

/** [B, Tk, M], 0 at padding. */
export function valuesOf({ memory, mask }: Memory): Floats {
  return mask === null ? reshape(memory, memory.shape) : where(expandDims(mask, 2), memory, 0);
}
