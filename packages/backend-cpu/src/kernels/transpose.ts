/** Axes in another order: out is read from x with x's steps permuted. */
import type { Operand, Spec } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import { strides } from '../broadcast.js';
import { copy } from './slice.js';

export function transpose(x: Operand<CpuBuffer>, perm: readonly number[], out: Spec): Data {
  const steps = strides(x.shape);
  return copy(
    x,
    0,
    perm.map((axis) => steps[axis]!),
    out,
  );
}
