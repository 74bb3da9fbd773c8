/**
 * A tensor is an immutable value on a backend: shape, dtype, and a share in a buffer. Several tensors may share one
 * buffer (a reshape, what a tape holds); it is freed when the last of them lets go.
 */
import type { Backend } from './backend.js';
import { BackendError, DisposedError } from './errors.js';
import { sizeOf } from './shape.js';
import type { DType, HostArray, HostArrays, Operand, Shape } from './types.js';

/** One handle of a backend and the number of tensors that share it. */
export interface Buffer {
  readonly backend: Backend;
  readonly handle: object;
  shares: number;
}

// For programs whose `lib` is older than `using`; beside ESNext.Disposable it is the same declaration again.
declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

// Some engines do not have it yet; `using` compiled for them looks for the same registered fallback.
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for('Symbol.dispose') as never);

/** Marks tensors of every copy of this package, so that a foreign one can be told from a wrong argument. */
export const brand: unique symbol = /* @__PURE__ */ Symbol.for('@recurra/core/tensor') as never;

const inspect: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom') as never;

let lastId = 0;

/**
 * Numbers of one dtype in a shape, on a backend; immutable. Made by `tensor`, `zeros` and ops; read with `data`, freed by
 * its scope or by `dispose`.
 */
export class Tensor<D extends DType = DType> {
  readonly shape: Shape;
  readonly dtype: D;
  /** Names the value, not the object: what shares a value shares its id. Tapes follow values. */
  readonly id: number;
  #buffer: Buffer | null;
  readonly #backend: Backend;
  #watched = false;

  /** For core alone: users make tensors with `tensor`, `zeros` and ops. Takes over one share of the buffer. */
  constructor(buffer: Buffer, shape: Shape, dtype: D, id: number = ++lastId) {
    // A shape that changed would read other numbers, silently.
    this.shape = Object.freeze(shape);
    this.dtype = dtype;
    this.id = id;
    this.#buffer = buffer;
    this.#backend = buffer.backend;
  }

  /** Not `instanceof`: a proxy of a tensor passes that, and has no buffer. */
  static is(x: unknown): x is Tensor {
    return x !== null && typeof x === 'object' && #buffer in x;
  }

  get [brand](): true {
    return true;
  }
  get rank(): number {
    return this.shape.length;
  }
  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }
  get backend(): Backend {
    return this.#backend;
  }
  get disposed(): boolean {
    return this.#buffer === null;
  }

  /** The numbers, row-major, in a fresh array: Float32Array, Int32Array, or Uint8Array of 0 and 1 for bool. */
  async data(): Promise<HostArrays[D]> {
    return asDeclared<D>(await this.raw());
  }

  /** As `data`, without waiting; throws a BackendError when the device cannot block. */
  dataSync(): HostArrays[D] {
    const x = operand(this, 'dataSync');
    if (this.#backend.readSync === undefined) {
      throw new BackendError(
        'dataSync',
        `${this.#backend.name} cannot block until its numbers arrive`,
        {},
        'await tensor.data()',
        'BACKEND_ASYNC_ONLY',
      );
    }
    return asDeclared<D>(this.#backend.readSync(x));
  }

  /** As `data`, but never narrowed: a backend of precision 64 hands out its float32 tensors as a Float64Array. */
  async raw(): Promise<HostArray> {
    return this.#backend.read(operand(this, 'data'));
  }

  /** Lets go of the buffer. Doing it twice does no harm. */
  dispose(): void {
    const buffer = this.#buffer;
    if (buffer === null) return;
    this.#buffer = null;
    if (this.#watched) collector!.unregister(this);
    release(buffer);
  }
  [dispose](): void {
    this.dispose();
  }

  toString(): string {
    return `Tensor ${this.dtype} [${this.shape.join(', ')}] on ${this.#backend.name}${this.disposed ? ', disposed' : ''}`;
  }

  /** What `console.log` shows in Node. */
  [inspect](): string {
    return this.toString();
  }

  /** Its numbers would be lost, silently: they may still be on the device. */
  toJSON(): never {
    throw new BackendError('toJSON', 'a tensor has to be read first', {}, 'await x.data()', 'UNREAD');
  }

  /** For core alone: the buffer, or a DisposedError that names the op. */
  static bufferOf(tensor: Tensor, op: string): Buffer {
    if (tensor.#buffer === null) {
      throw new DisposedError(
        op,
        'a tensor was used after it was disposed',
        { tensor: `${tensor.dtype} [${tensor.shape.join(', ')}]` },
        'return it from its scope, or keep() it',
      );
    }
    return tensor.#buffer;
  }

  /** For core alone: see `watchForCollector`. */
  static watch(tensor: Tensor, by: FinalizationRegistry<Buffer>): void {
    if (tensor.#buffer === null || tensor.#watched) return;
    tensor.#watched = true;
    by.register(tensor, tensor.#buffer, tensor);
  }
}

let collector: FinalizationRegistry<Buffer> | undefined;
let reclaimed = 0;

/**
 * The safety net: lets the garbage collector free what nobody disposed. Only tensors that belong to no scope are
 * watched, as registering every temporary would cost more than a small kernel does.
 */
export function watchForCollector(tensor: Tensor): void {
  collector ??= new FinalizationRegistry((buffer) => {
    reclaimed++;
    release(buffer);
  });
  Tensor.watch(tensor, collector);
}

/** How many tensors the garbage collector had to free because nobody else did. The suite counts them as leaks. */
export function reclaimedByCollector(): number {
  return reclaimed;
}

/** Ids grow: what has a greater one is younger. */
export function newestId(): number {
  return lastId;
}

export function operand(tensor: Tensor, op: string): Operand {
  return { handle: Tensor.bufferOf(tensor, op).handle, shape: tensor.shape, dtype: tensor.dtype };
}

/** Another tensor with the same value and its own share of the buffer, belonging to no scope. */
export function share<D extends DType>(tensor: Tensor<D>, op: string): Tensor<D> {
  const buffer = Tensor.bufferOf(tensor, op);
  buffer.shares++;
  return new Tensor(buffer, tensor.shape, tensor.dtype, tensor.id);
}

function release(buffer: Buffer): void {
  if (--buffer.shares === 0) buffer.backend.free(buffer.handle);
}

function asDeclared<D extends DType>(array: HostArray): HostArrays[D] {
  return (array instanceof Float64Array ? Float32Array.from(array) : array) as HostArrays[D];
}
