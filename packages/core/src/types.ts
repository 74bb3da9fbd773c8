/** What a value is: its dtype, its shape, and the array that carries it on the host. */

export type DType = 'float32' | 'int32' | 'bool';

/** Axis lengths, outermost first; `[]` is a scalar. Buffers are dense and row-major. */
export type Shape = readonly number[];

/** Shape and dtype without the numbers. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The typed array that carries a dtype on the host; bool is a Uint8Array of 0 and 1. */
export interface HostArrays {
  float32: Float32Array;
  int32: Int32Array;
  bool: Uint8Array;
}

/**
 * What crosses the border between core and a backend. `float32` travels as a Float32Array, and as a Float64Array to and
 * from a backend of precision 64.
 */
export type HostArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A value as a kernel sees it: the backend's own handle, and what core knows about it. */
export interface Operand<H extends object = object> extends Spec {
  readonly handle: H;
}
