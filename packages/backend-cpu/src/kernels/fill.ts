/** Every element the same value. */
import type { Spec } from '@recurra/core';
import { sizeOf, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';

export function fill(value: number, { dtype, shape }: Spec, { arrays }: Workspace): Data {
  return arrays.take(dtype, sizeOf(shape)).fill(value);
}
