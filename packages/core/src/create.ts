/** Where tensors begin: from numbers on the host, or filled with one value. */
import type { Backend } from './backend.js';
import { checkOptions } from './checks.js';
import { ArgumentError, DTypeError, ShapeError } from './errors.js';
import { create } from './gate.js';
import { requireTensor } from './is-tensor.js';
import { kindOfArray } from './kind-of-array.js';
import { checkedBackend, defaultBackend } from './registry.js';
import { checkedSize } from './shape.js';
import { didYouMean } from './suggest.js';
import type { Tensor } from './tensor.js';
import type { DType, HostArray, Shape } from './types.js';

/** A value, or arrays of arrays of it. */
export type Nested<T> = T | readonly Nested<T>[];
/** What tensors are made from: a number, nested arrays, or a typed array. */
export type TensorData = Nested<number> | Nested<boolean> | HostArray;

/** Where a new tensor is made, and of which dtype. */
export interface CreateOptions<D extends DType = DType> {
  readonly dtype?: D;
  /** Default: the one that `useBackend` chose. */
  readonly backend?: Backend;
}

/**
 * A tensor from numbers: nested arrays, or a flat (typed) array and a shape.
 *
 *     tensor([[1, 2], [3, 4]])              // float32 [2, 2]
 *     tensor(new Float32Array(6), [2, 3])
 *
 * The dtype is float32, int32 for an Int32Array and bool for booleans, unless `dtype` says so.
 *
 * @throws ShapeError for ragged data or a shape that does not hold it; DTypeError for numbers the dtype cannot hold
 */
export function tensor(
  data: Nested<number> | Float32Array | Float64Array,
  shape?: Shape,
  options?: CreateOptions<'float32'>,
): Tensor<'float32'>;
export function tensor(data: Nested<boolean>, shape?: Shape, options?: CreateOptions<'bool'>): Tensor<'bool'>;
export function tensor(data: Int32Array, shape?: Shape, options?: CreateOptions<'int32'>): Tensor<'int32'>;
export function tensor<D extends DType>(
  data: TensorData,
  shape: Shape | undefined,
  options: CreateOptions<D> & { readonly dtype: D },
): Tensor<D>;
export function tensor(data: TensorData, shape?: Shape, options?: CreateOptions): Tensor;
export function tensor(data: TensorData, shape?: Shape, options: CreateOptions = {}): Tensor {
  checkOptions('tensor', options, ['dtype', 'backend']);
  let found: number[] = [];
  let source: ArrayLike<number>;
  const kind = kindOfArray(data);
  if (kind !== '') {
    if (kind.startsWith('Big')) {
      throw new DTypeError('tensor', 'there are no 64-bit integers', {}, 'Int32Array.from(data, Number)');
    }
    source = data as HostArray;
    found = [source.length];
  } else {
    const flat: number[] = [];
    flatten(data, 0, found, flat);
    source = flat;
  }
  const to = shape ?? found;
  if (checkedSize('tensor', to) !== source.length) {
    throw new ShapeError(
      'tensor',
      `${source.length} numbers do not fill the shape`,
      { shape: to },
      'leave the shape out to use that of nested data',
    );
  }
  const dtype = checkedDType('tensor', options.dtype) ?? dtypeOf(data, kind);
  const backend = backendFor('tensor', options.backend);
  const host = hostArray(dtype, source, backend.precision);
  return create('tensor', backend, { shape: [...to], dtype }, () => backend.upload(host, { shape: to, dtype }));
}

/** Every element is `value`. */
export function full(shape: Shape, value: number, options?: CreateOptions<'float32'>): Tensor<'float32'>;
export function full<D extends DType>(shape: Shape, value: number, options: CreateOptions<D>): Tensor<D>;
export function full(shape: Shape, value: number, options: CreateOptions = {}): Tensor {
  return filled('full', shape, value, options);
}

/** For core alone: `full`, where errors name the function that was called. */
export function filled<D extends DType>(op: string, shape: Shape, value: number, options: CreateOptions<D>): Tensor<D> {
  checkOptions(op, options, ['dtype', 'backend']);
  checkedSize(op, shape);
  const dtype = checkedDType(op, options.dtype) ?? ('float32' as D);
  const backend = backendFor(op, options.backend);
  checkValue(op, dtype, value);
  const out = { shape: [...shape], dtype };
  return create(op, backend, out, () => backend.fill(value, out)) as Tensor<D>;
}

/** Every element is 0. */
export function zeros(shape: Shape, options?: CreateOptions<'float32'>): Tensor<'float32'>;
export function zeros<D extends DType>(shape: Shape, options: CreateOptions<D>): Tensor<D>;
export function zeros(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled('zeros', shape, 0, options);
}

/** Every element is 1. */
export function ones(shape: Shape, options?: CreateOptions<'float32'>): Tensor<'float32'>;
export function ones<D extends DType>(shape: Shape, options: CreateOptions<D>): Tensor<D>;
export function ones(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled('ones', shape, 1, options);
}

/** The same value on another backend. Reads it, so it waits. */
export async function transfer<D extends DType>(x: Tensor<D>, backend: Backend): Promise<Tensor<D>> {
  requireTensor('transfer', 'x', x);
  checkedBackend('transfer', backend);
  const host = await x.raw();
  return tensor(host, x.shape, { dtype: x.dtype, backend });
}

const dtypes: readonly string[] = ['float32', 'int32', 'bool'];

/** For core alone: the dtype, when there is one by that name. */
export function checkedDType<D extends DType>(op: string, dtype: D | undefined): D | undefined {
  if (dtype === undefined || dtypes.includes(dtype)) return dtype;
  throw new DTypeError(op, 'there is no such dtype', { dtype }, didYouMean(dtype, dtypes));
}

function backendFor(op: string, given: Backend | undefined): Backend {
  return given === undefined ? defaultBackend(op) : checkedBackend(op, given);
}

/** For core alone: a number as a scalar beside `like`, of its dtype; errors name the op. */
export function scalarLike(op: string, value: number, like: Tensor): Tensor {
  const { backend, dtype } = like;
  checkValue(op, dtype, value);
  const out = { shape: [], dtype };
  return create(op, backend, out, () => backend.fill(value, out));
}

/** For core alone: throws for a number that the dtype cannot hold. */
export function checkValue(op: string, dtype: DType, value: number): void {
  if (typeof value !== 'number') throw new ArgumentError(op, 'value must be a number', { value }, 'for example 0.5');
  if (dtype === 'int32' && value !== (value | 0))
    throw new DTypeError(op, 'int32 cannot hold the value', { value }, 'float32 can');
  if (dtype === 'bool' && value !== 0 && value !== 1)
    throw new DTypeError(op, 'bool holds 0 or 1', { value }, 'float32 holds others');
}

/** Appends the numbers in nested arrays to `flat`. The first way down says which lengths all arrays must have. */
function flatten(data: unknown, depth: number, shape: number[], flat: number[]): void {
  const list: readonly unknown[] | null = Array.isArray(data) ? data : null;
  // An array that contains itself has no end.
  if (depth > 64) throw new ShapeError('tensor', 'data is nested too deeply', {}, 'at most 64 levels', 'RANK');
  if (list !== null && depth === shape.length && flat.length === 0) shape.push(list.length);
  if (list?.length !== shape[depth]) {
    const facts = { 'lengths of the first': shape };
    throw new ShapeError('tensor', 'nested arrays must all have the same lengths', facts, 'pad the shorter ones');
  }
  if (list !== null) for (const inner of list) flatten(inner, depth + 1, shape, flat);
  else if (typeof data === 'number' || typeof data === 'boolean') flat.push(Number(data));
  else throw new ArgumentError('tensor', 'data must be numbers or booleans', { found: data }, 'tensor([[1, 2]])');
}

function dtypeOf(data: TensorData, kind: string): DType {
  if (kind === 'Int32Array') return 'int32';
  if (kind === 'Float32Array' || kind === 'Float64Array') return 'float32';
  if (kind !== '') {
    throw new DTypeError(
      'tensor',
      `a ${kind} has no dtype of its own`,
      {},
      "say { dtype: 'bool' }, 'int32' or 'float32'",
    );
  }
  let first: unknown = data;
  while (Array.isArray(first)) first = first[0];
  return typeof first === 'boolean' ? 'bool' : 'float32';
}

/** The array that carries `dtype` to a backend; numbers it cannot hold are refused rather than wrapped around. */
function hostArray(dtype: DType, source: ArrayLike<number>, precision: number): HostArray {
  if (dtype === 'float32') {
    const floats = precision === 64 ? Float64Array : Float32Array;
    return source instanceof floats ? source : new floats(source);
  }
  if (dtype === 'int32' && source instanceof Int32Array) return source;
  const host = new (dtype === 'int32' ? Int32Array : Uint8Array)(source.length);
  for (let i = 0; i < host.length; i++) {
    checkValue('tensor', dtype, source[i]!);
    host[i] = source[i]!;
  }
  return host;
}
