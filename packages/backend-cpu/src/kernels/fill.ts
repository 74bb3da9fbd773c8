/** Every element the same value. */
import type { Spec } from '@recurra/core';
import { allocate, sizeOf, type Data } from '../buffer.js';

export function fill(value: number, out: Spec): Data {
  const y = allocate(out.dtype, sizeOf(out.shape));
  // Fresh arrays hold +0 already; −0 has to be written.
  return Object.is(value, 0) ? y : y.fill(value);
}
