/** What a handle of this backend is: a plain typed array, written by the kernel that made it and never again. */
import type { DType } from '@recurra/core';

export type Data = Float32Array | Int32Array | Uint8Array;

export interface CpuBuffer {
  readonly data: Data;
}

/** Zeros for `size` elements. */
export function allocate(dtype: DType, size: number): Data {
  return dtype === 'float32' ? new Float32Array(size) : dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/** The number of elements; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}
