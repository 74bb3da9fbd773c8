/**
 * Where batches come from: a tree of tensors or arrays, cut along the first axis, or a function that gives batches. What
 * a run makes of arrays it frees; tensors it is given stay their owner's.
 */
import { ArgumentError, gather, isTensor, keep, ShapeError, tensor } from '@recurra/core';
import type { Backend, Tensor, TensorData } from '@recurra/core';
import { isPlain, namedLeaves, replaceLeaves, type Floats, type Leaf } from '../trees.js';
import { shuffled } from './shuffle.js';

type NumberLists = readonly (number | NumberLists)[];
type BooleanLists = readonly (boolean | BooleanLists)[];

/** A batch as the loss function gets it: every array a tensor. */
export type RowsOf<T> = T extends Tensor
  ? T
  : T extends Int32Array
    ? Tensor<'int32'>
    : T extends Float32Array | Float64Array | NumberLists
      ? Floats
      : T extends BooleanLists
        ? Tensor<'bool'>
        : { readonly [K in keyof T]: RowsOf<T[K]> };

/** The batches of data: rows of its tensors and arrays, or what its function gives. */
export type BatchOf<D> = D extends (how: never) => Iterable<infer T> | AsyncIterable<infer T> ? RowsOf<T> : RowsOf<D>;

/** One batch on the device. */
export interface Loaded {
  readonly batch: unknown;
  /** Its weight in the means of an epoch. */
  readonly rows: number;
  free(): void;
}

/** Data ready to be iterated, epoch after epoch. */
export interface Source {
  /** `seed` null: in order. `skip`: batches that were had before an interruption. */
  epoch(how: {
    readonly epoch: number;
    readonly seed: number | null;
    readonly skip: number;
  }): AsyncGenerator<Loaded, void>;
  free(): void;
  /** How rows become batches; null where a function gives them. */
  readonly cut: Cut | null;
}

/** How many rows, and how many of them in a batch. */
export interface Cut {
  readonly rows: number;
  readonly batchSize: number;
}

/** @throws ArgumentError, ShapeError for what has no rows, or not the same number everywhere */
export function sourceOf(role: string, data: unknown, batchSize: number, backend: Backend): Source {
  if (typeof data === 'function') return functionSource(role, data as GivesBatches, backend);
  const { batch: tree, free } = load(data, backend);
  try {
    const rows = checkedRows(role, namedLeaves('fit', role, tree));
    return { epoch: (how) => cut(tree, rows, batchSize, how), free, cut: { rows, batchSize } };
  } catch (error) {
    free();
    throw error;
  }
}

async function* cut(
  tree: unknown,
  rows: number,
  batchSize: number,
  { epoch, seed, skip }: Parameters<Source['epoch']>[0],
): AsyncGenerator<Loaded, void> {
  const order = seed === null ? Int32Array.from({ length: rows }, (_, i) => i) : shuffled(rows, seed, epoch);
  for (let at = skip * batchSize; at < rows; at += batchSize) {
    const chosen = order.slice(at, at + batchSize);
    const made: Tensor[] = [];
    const batch = replaceLeaves(tree as never, (x) => {
      const indices = tensor(chosen, [chosen.length], { backend: x.backend });
      const part = gather(x, indices);
      indices.dispose();
      made.push(part);
      return part;
    });
    yield { batch, rows: chosen.length, free: () => made.forEach((x) => x.dispose()) };
  }
}

type GivesBatches = (how: { readonly epoch: number }) => Iterable<unknown> | AsyncIterable<unknown>;

function functionSource(role: string, give: GivesBatches, backend: Backend): Source {
  async function* batches({ epoch, skip }: Parameters<Source['epoch']>[0]): AsyncGenerator<Loaded, void> {
    const given: unknown = give({ epoch });
    const iterable = given as Iterable<unknown> & AsyncIterable<unknown>;
    if (given == null || typeof (iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator]) !== 'function') {
      const hint = 'an array, a generator or an async generator of batches';
      throw new ArgumentError('fit', `${role} must give something to iterate over`, { given }, hint);
    }
    let left = skip;
    for await (const batch of iterable) if (left-- <= 0) yield load(batch, backend);
  }
  return { epoch: batches, free: () => undefined, cut: null };
}

/** A tree with every array of numbers uploaded. Other values pass as they are. */
function load(data: unknown, backend: Backend): Loaded {
  const made: Tensor[] = [];
  const free = (): void => made.forEach((x) => x.dispose());
  let rows: number | null = null;
  const visit = (value: unknown, around: readonly unknown[]): unknown => {
    if (isTensor(value) || isNumbers(value)) {
      const x = isTensor(value) ? value : tensor(value as TensorData, undefined, { backend });
      if (x !== value) made.push(keep(x));
      rows ??= x.shape[0] ?? 1;
      return x;
    }
    if (around.includes(value)) throw new ArgumentError('fit', 'data contains itself', {}, 'a tree', 'NOT_A_TREE');
    const inner = [...around, value];
    if (Array.isArray(value)) return value.map((v) => visit(v, inner));
    if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, visit(v, inner)]));
    return value;
  };
  try {
    return { batch: visit(data, []), rows: rows ?? 1, free };
  } catch (error) {
    free();
    throw error;
  }
}

/** A typed array, or nested ones that begin with a number or boolean. */
function isNumbers(value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return true;
  let first = value;
  for (let depth = 0; depth < 64 && Array.isArray(first) && first.length > 0; depth++) first = first[0];
  return Array.isArray(value) && (typeof first === 'number' || typeof first === 'boolean');
}

function checkedRows(role: string, leaves: readonly Leaf[]): number {
  const rows = leaves[0]?.tensor.shape[0];
  const shapes = Object.fromEntries(leaves.map(({ path, tensor: x }) => [path, x.shape]));
  if (leaves.some(({ tensor: x }) => x.rank === 0 || x.shape[0] !== rows)) {
    throw new ShapeError(
      'fit',
      `${role} must have the same number of rows everywhere`,
      shapes,
      'the first axis counts rows',
    );
  }
  if (rows !== undefined && rows > 0) return rows;
  throw new ShapeError('fit', `${role} has no rows`, shapes, 'tensors or arrays [rows, …]', 'EMPTY');
}
