/**
 * The contract. Core decides meaning; a backend owns only loops. By the time a kernel runs, core has checked every
 * shape and dtype and computed `out`. Buffers are dense and row-major. Kernels dispatch synchronously; only `read`
 * awaits. How to write one: docs/writing-a-backend.md.
 */
import type { FusedKernels } from './fused-table.js';
import type { HostArray, Operand, Spec } from './types.js';

export interface Backend<H extends object = object> extends Kernels<H> {
  readonly name: string;
  /** Bits of a 'float32' tensor on this device. Tolerances follow from it. */
  readonly precision: 16 | 32 | 64;
  /** Presence is the capability: a backend that has `fused.lstm` can do it. */
  readonly fused?: FusedKernels<H>;

  /**
   * Copies host data to the device. float32 comes as a Float32Array, or as a Float64Array when `precision` is 64;
   * int32 as an Int32Array, bool as a Uint8Array of 0 and 1. The array stays the caller's: keep a copy.
   */
  upload(data: HostArray, spec: Spec): H;
  /** A fresh array that the caller may keep, of the same types as `upload` takes. */
  read(x: Operand<H>): Promise<HostArray>;
  /** Left out when the device cannot block. */
  readSync?(x: Operand<H>): HostArray;
  /** Called exactly once for every handle that was handed out. */
  free(handle: H): void;
  /** Buffers alive; without it the leak cases of the suite are skipped, in words. */
  live?(): number;
  dispose?(): void;
}

/** The fourteen required kernels. Each returns a fresh handle, never one of its inputs, and never writes an input. */
export interface Kernels<H extends object = object> {
  /** Every element is `value`, which `out.dtype` can hold. */
  fill(value: number, out: Spec): H;
  /** float32 → int32 truncates toward zero; anything → bool is x ≠ 0; bool → number is 0 or 1. */
  cast(x: Operand<H>, out: Spec): H;
  unary(op: UnaryOp, x: Operand<H>, out: Spec): H;
  /** a and b have one dtype and broadcast to out.shape. */
  binary(op: BinaryOp, a: Operand<H>, b: Operand<H>, out: Spec): H;
  /** a and b have one dtype and broadcast to out.shape; out is bool. */
  compare(op: CompareOp, a: Operand<H>, b: Operand<H>, out: Spec): H;
  /** cond is bool; cond, a and b broadcast to out.shape. What is not chosen has no influence, be it NaN. */
  where(cond: Operand<H>, a: Operand<H>, b: Operand<H>, out: Spec): H;
  /** axes ascending, at least one. out.shape has them removed or as 1: the row-major order is the same. */
  reduce(op: ReduceOp, x: Operand<H>, axes: readonly number[], out: Spec): H;
  /** int32 index along axis: the lowest among equals, the first NaN if there is one. */
  argReduce(op: ArgReduceOp, x: Operand<H>, axis: number, out: Spec): H;
  /** Over the last two axes, read swapped where an option says so; leading axes broadcast. */
  matmul(a: Operand<H>, b: Operand<H>, options: MatmulOptions, out: Spec): H;
  /** Axis i of out is axis perm[i] of x. */
  transpose(x: Operand<H>, perm: readonly number[], out: Spec): H;
  /** out[i, j, …] = x[begin₀ + i·strides₀, begin₁ + j·strides₁, …]; strides may be negative: reverse is a slice. */
  slice(x: Operand<H>, begin: readonly number[], strides: readonly number[], out: Spec): H;
  concat(xs: readonly Operand<H>[], axis: number, out: Spec): H;
  /** out.shape = x.shape with axis replaced by indices.shape; an index out of range gives 0. */
  gather(x: Operand<H>, indices: Operand<H>, axis: number, out: Spec): H;
  /** The transpose of gather: adds updates into zeros of out.shape; an index out of range is dropped. */
  scatterAdd(updates: Operand<H>, indices: Operand<H>, axis: number, out: Spec): H;
}

/** Which operands to read with their last two axes swapped. */
export interface MatmulOptions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** y = f(x), element by element: the names that a backend's `unary` is called with. */
export type UnaryOp =
  | 'neg'
  | 'abs'
  | 'square'
  | 'sqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'erf'
  | 'tanh'
  | 'sigmoid'
  | 'sin'
  | 'cos'
  | 'floor'
  | 'sign'
  | 'logicalNot';
/** z = f(a, b), element by element, broadcasting: the names of `binary`. */
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum' | 'logicalAnd' | 'logicalOr';
/** The comparisons that every backend has; core makes the others of them. */
export type CompareOp = 'equal' | 'less' | 'lessEqual';
/** What runs over axes until they are gone. */
export type ReduceOp = 'sum' | 'max' | 'min';
/** What gives an index along an axis. */
export type ArgReduceOp = 'argMax' | 'argMin';
