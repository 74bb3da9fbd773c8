/** A strided window. Negative strides run backwards. */
import type { Operand, Spec } from '@recurra/core';
import { strides } from '../broadcast.js';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { copyView } from './copy.js';

export function slice(
  x: Operand<CpuBuffer>,
  begin: readonly number[],
  by: readonly number[],
  out: Spec,
  space: Workspace,
): Data {
  const own = strides(x.shape);
  let start = 0;
  begin.forEach((at, axis) => (start += at * own[axis]!));
  const steps = own.map((step, axis) => step * by[axis]!);
  return copyView(x.handle.data, start, steps, out, space);
}
