/** Where tensors begin: from numbers on the host, or filled with one value. */
import type { Backend } from './backend.js';
import { checkOptions } from './checks.js';
import { ArgumentError, DTypeError, ShapeError } from './errors.js';
import { create, requireTensor } from './gate.js';
import { checkedBackend, defaultBackend } from './registry.js';
import { sizeOf } from './shape.js';
import { didYouMean } from './suggest.js';
import type { Tensor } from './tensor.js';
import type { DType, HostArray, Shape } from './types.js';

export type Nested<T> = T | readonly Nested<T>[];
export type TensorData = Nested<number> | Nested<boolean> | HostArray;

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
export function tensor<D extends DType = 'float32'>(
  data: readonly never[],
  shape?: Shape,
  options?: CreateOptions<D>,
): Tensor<D>;
export function tensor(data: Nested<boolean>, shape?: Shape, options?: { backend?: Backend }): Tensor<'bool'>;
export function tensor(data: Int32Array, shape?: Shape, options?: { backend?: Backend }): Tensor<'int32'>;
export function tensor(data: TensorData, shape?: Shape, options?: CreateOptions<'float32'>): Tensor<'float32'>;
export function tensor<D extends DType = 'float32'>(
  data: TensorData,
  shape?: Shape,
  options?: CreateOptions<D>,
): Tensor<D>;
export function tensor(data: TensorData, shape?: Shape, options: CreateOptions = {}): Tensor {
  checkOptions('tensor', options, ['dtype', 'backend']);
  const flat: number[] = [];
  let found: Shape;
  let source: ArrayLike<number>;
  if (ArrayBuffer.isView(data)) {
    if (typeof (data as unknown as ArrayLike<unknown>)[0] === 'bigint') {
      throw new DTypeError('tensor', 'there are no 64-bit integers', {}, 'Int32Array.from(data, Number)');
    }
    source = data;
    found = [data.length];
  } else {
    found = measure(data);
    flatten(data, 0, found, flat);
    source = flat;
  }
  const to = shape ?? found;
  checkShape('tensor', to);
  if (sizeOf(to) !== source.length) {
    throw new ShapeError(
      'tensor',
      `${source.length} numbers do not fill the shape`,
      { shape: to },
      'leave the shape out to use that of nested data',
    );
  }
  const dtype = checkedDType('tensor', options.dtype) ?? dtypeOf(data);
  const backend = backendFor('tensor', options.backend);
  const host = hostArray(dtype, source, backend.precision);
  return create('tensor', backend, { shape: [...to], dtype }, () => backend.upload(host, { shape: to, dtype }));
}

/** Every element is `value`. */
export function full(shape: Shape, value: number, options?: CreateOptions<'float32'>): Tensor<'float32'>;
export function full<D extends DType>(shape: Shape, value: number, options: CreateOptions<D>): Tensor<D>;
export function full(shape: Shape, value: number, options: CreateOptions = {}): Tensor {
  checkOptions('full', options, ['dtype', 'backend']);
  checkShape('full', shape);
  const dtype = checkedDType('full', options.dtype) ?? 'float32';
  const backend = backendFor('full', options.backend);
  checkValue('full', dtype, value);
  const out = { shape: [...shape], dtype };
  return create('full', backend, out, () => backend.fill(value, out));
}

export function zeros(shape: Shape, options?: CreateOptions<'float32'>): Tensor<'float32'>;
export function zeros<D extends DType>(shape: Shape, options: CreateOptions<D>): Tensor<D>;
export function zeros(shape: Shape, options: CreateOptions = {}): Tensor {
  return full(shape, 0, options as CreateOptions<DType>);
}

export function ones(shape: Shape, options?: CreateOptions<'float32'>): Tensor<'float32'>;
export function ones<D extends DType>(shape: Shape, options: CreateOptions<D>): Tensor<D>;
export function ones(shape: Shape, options: CreateOptions = {}): Tensor {
  return full(shape, 1, options as CreateOptions<DType>);
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
  throw new DTypeError(op, `there is no dtype '${String(dtype)}'`, {}, didYouMean(String(dtype), dtypes));
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

/** Throws unless every length is a whole number of at least 0, and all of them together can be held. */
export function checkShape(op: string, shape: Shape): void {
  const valid = Array.isArray(shape) && Array.from(shape as Shape).every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!valid) {
    throw new ShapeError(
      op,
      'a shape is a list of whole numbers, none negative',
      { shape },
      'for example [2, 3]; [] is a scalar',
    );
  }
  // What the longest typed array holds everywhere.
  if (shape.reduce((size, n) => size * (n || 1), 1) > 2147483647) {
    throw new ShapeError(op, 'a tensor of this shape is too large', { shape }, 'at most 2³¹ − 1 elements', 'TOO_LARGE');
  }
}

function checkValue(op: string, dtype: DType, value: number): void {
  if (typeof value !== 'number') throw new ArgumentError(op, 'value must be a number', { value });
  if (dtype === 'int32' && value !== (value | 0))
    throw new DTypeError(op, 'int32 cannot hold the value', { value }, 'float32 can');
  if (dtype === 'bool' && value !== 0 && value !== 1) throw new DTypeError(op, 'bool holds 0 or 1', { value });
}

function measure(data: unknown): Shape {
  const shape: number[] = [];
  for (let level: unknown = data; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    // An array that contains itself has no end.
    if (shape.length > 64) throw new ShapeError('tensor', 'data is nested too deeply', {}, 'at most 64 levels', 'RANK');
  }
  return shape;
}

function flatten(data: unknown, depth: number, shape: Shape, flat: number[]): void {
  if (!Array.isArray(data)) {
    if (depth !== shape.length) throw ragged(shape);
    if (typeof data !== 'number' && typeof data !== 'boolean') {
      throw new ArgumentError('tensor', 'data must be numbers or booleans', { found: data });
    }
    flat.push(Number(data));
    return;
  }
  if (data.length !== shape[depth]) throw ragged(shape);
  for (const inner of data) flatten(inner, depth + 1, shape, flat);
}

function ragged(shape: Shape): ShapeError {
  return new ShapeError(
    'tensor',
    'nested arrays must all have the same lengths',
    { 'lengths of the first': shape },
    'pad the shorter ones',
  );
}

function dtypeOf(data: TensorData): DType {
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Float32Array || data instanceof Float64Array) return 'float32';
  if (ArrayBuffer.isView(data)) {
    throw new DTypeError(
      'tensor',
      `a ${Object.prototype.toString.call(data).slice(8, -1)} has no dtype of its own`,
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
    if (precision === 64) return source instanceof Float64Array ? source : Float64Array.from(source);
    return source instanceof Float32Array ? source : Float32Array.from(source);
  }
  if (dtype === 'int32') {
    if (source instanceof Int32Array) return source;
    const ints = Int32Array.from(source);
    for (let i = 0; i < ints.length; i++) if (ints[i] !== source[i]) checkValue('tensor', dtype, source[i]!);
    return ints;
  }
  const bits = new Uint8Array(source.length);
  for (let i = 0; i < bits.length; i++) {
    const v = source[i]!;
    checkValue('tensor', dtype, v);
    bits[i] = v;
  }
  return bits;
}
