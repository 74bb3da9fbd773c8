/** Axes in another order: out is read from x with x's steps permuted. */
import type { Operand, Spec } from '@recurra/core';
import { strides } from '../broadcast.js';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { copyView } from './copy.js';

export function transpose(x: Operand<CpuBuffer>, perm: readonly number[], out: Spec, space: Workspace): Data {
  const own = strides(x.shape);
  const steps = perm.map((axis) => own[axis]!);
  return copyView(x.handle.data, 0, steps, out, space);
}
