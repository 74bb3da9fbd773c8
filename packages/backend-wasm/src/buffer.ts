/** What a handle of this backend is: a place in linear memory, written by the kernel that made it and never again. */
import type { DType } from '@recurra/core';

/** A handle of this backend. Its numbers are in linear memory; `read` copies them out. */
export interface WasmBuffer {
  /** In bytes. */
  readonly offset: number;
  /** The number of elements. */
  readonly size: number;
}

/** The number of elements; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** log₂ of the bytes of an element: bool takes one, the others four. */
export function shiftOf(dtype: DType): 0 | 2 {
  return dtype === 'bool' ? 0 : 2;
}
