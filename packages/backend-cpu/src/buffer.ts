/** What a handle of this backend is: a plain typed array, written by the kernel that made it and never again. */
export type Data = Float32Array | Int32Array | Uint8Array;

/** A handle of this backend: the numbers of one tensor. */
export interface CpuBuffer {
  readonly data: Data;
}

/** The number of elements; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}
