/** The options of `fit`, and what is refused of them. */
import { ArgumentError, checkedCount, checkOptions } from '@recurra/core';
import type { Backend, Tree } from '@recurra/core';
import { nextSeed } from '@recurra/core/random';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Schedule } from '../schedules/schedule.js';
import { sourceOf, type BatchOf, type Source } from './data.js';
import { checkedEarlyStopping, type EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
import type { LossFunction } from './loss-call.js';
import type { How, LossResult } from './progress.js';
import { trainable } from './update.js';

/** What `fit` is given. `P` is the tree of parameters, `D` the data. */
export interface FitOptions<P, D> {
  /** What to start from. Stays yours: nothing of it is changed or freed. */
  readonly params: P;
  /** The loss of a batch, a float32 scalar; or `{ loss, metrics }`, all scalars. Synchronous; called once a batch. */
  readonly loss: (params: P, batch: BatchOf<NoInfer<D>>, how: How) => LossResult;
  readonly optimizer: Optimizer;
  /**
   * A tree of tensors, typed arrays or nested arrays with equally many rows along their first axes; or a function that
   * gives the batches of an epoch, sync or async. What a function yields may be arrays too; tensors it yields stay its
   * own, and may be freed when it is asked for the next.
   */
  readonly data: D;
  /** Rows in a batch; the last one of an epoch may have fewer. Default 32. Of no use where data is a function. */
  readonly batchSize?: number;
  /** Default 1. */
  readonly epochs?: number;
  /** A seed of the order of rows, other in each epoch; true draws one; false keeps the order. Default true. */
  readonly shuffle?: boolean | number;
  /** Data that is not trained on: its means are in `logs` at the end of each epoch. */
  readonly validation?: { readonly data: unknown; readonly batchSize?: number };
  readonly earlyStopping?: EarlyStoppingOptions;
  /** The learning rate by update, in place of the optimizer's own. */
  readonly schedule?: Schedule;
  /** Batches whose gradients are averaged for one update; at the end of an epoch those that are left. Default 1. */
  readonly accumulate?: number;
  /** Ends the run between two batches, quietly: `run.params` are those after the last whole update. */
  readonly signal?: AbortSignal;
  /**
   * Bytes of `run.checkpoint()`: goes on from there, with the same options as before, to the same bits. The seed of the
   * order of rows is the checkpoint's: leave `shuffle` out, or give the same.
   */
  readonly resume?: Uint8Array;
}

/** The options with all filled in. */
export interface Fit {
  readonly params: Tree;
  readonly loss: LossFunction;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly accumulate: number;
  readonly learningRate: Schedule;
  readonly seed: number | null;
  /** `shuffle` as it was given. */
  readonly shuffle: boolean | number | undefined;
  readonly earlyStopping: EarlyStopping | null;
  readonly signal: AbortSignal | undefined;
  readonly resume: Uint8Array | undefined;
  readonly backend: Backend;
  readonly data: Source;
  readonly validation: Source | null;
}

const names = [
  'params',
  'loss',
  'optimizer',
  'data',
  'batchSize',
  'epochs',
  'shuffle',
  'validation',
  'earlyStopping',
  'schedule',
  'accumulate',
  'signal',
  'resume',
];

export function checkedFit<P, D>(options: FitOptions<P, D>): Fit {
  checkOptions('fit', options, names);
  const { params, loss, optimizer, schedule, shuffle = true, validation, signal } = options;
  const leaf = trainable(params)[0];
  if (leaf === undefined) {
    throw new ArgumentError('fit', 'params have no float32 tensor', {}, 'a tree of tensors, such as { kernel, bias }');
  }
  checkFunction('loss', loss, '(params, { x, y }) => meanSquaredError(y, …)');
  for (const name of ['init', 'update'] as const)
    checkFunction(`optimizer.${name}`, optimizer?.[name], 'optimizer: adam()');
  checkFunction('schedule', schedule ?? optimizer.learningRate, 'schedule: (step) => 0.001');
  if (typeof shuffle !== 'boolean' && !Number.isSafeInteger(shuffle)) {
    throw new ArgumentError('fit', 'shuffle must be a seed, true or false', { shuffle }, 'shuffle: 42');
  }
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.addEventListener !== 'function') {
    throw new ArgumentError('fit', 'signal must be an AbortSignal', { signal }, 'new AbortController().signal');
  }
  if (options.resume !== undefined && !((options.resume as unknown) instanceof Uint8Array)) {
    const { resume } = options;
    const hint =
      typeof resume === 'string'
        ? 'await readCheckpoint(path), from @recurra/train/node, gives the bytes of a file'
        : 'bytes of run.checkpoint(), which gives a promise';
    throw new ArgumentError('fit', 'resume must be the bytes of a checkpoint', { resume }, hint, 'CHECKPOINT_FOREIGN');
  }
  const batchSize = checkedCount('fit', 'batchSize', options.batchSize ?? 32);
  const epochs = checkedCount('fit', 'epochs', options.epochs ?? 1);
  const accumulate = checkedCount('fit', 'accumulate', options.accumulate ?? 1);
  if (validation !== undefined) checkOptions('fit validation', validation, ['data', 'batchSize']);
  const own = checkedCount('fit', 'validation.batchSize', validation?.batchSize ?? batchSize);
  const stopping = options.earlyStopping;
  const earlyStopping = stopping === undefined ? null : checkedEarlyStopping(stopping, validation !== undefined);
  const { backend } = leaf.tensor;
  const data = sourceOf('data', options.data, batchSize, backend);
  let validating: Source | null = null;
  try {
    if (validation !== undefined) validating = sourceOf('validation.data', validation.data, own, backend);
  } catch (error) {
    data.free();
    throw error;
  }
  return {
    params: params as Tree,
    loss: loss as unknown as LossFunction,
    optimizer,
    epochs,
    accumulate,
    learningRate: schedule ?? optimizer.learningRate,
    seed: shuffle === false ? null : shuffle === true ? (options.resume === undefined ? nextSeed() : 0) : shuffle,
    shuffle: options.shuffle,
    earlyStopping,
    signal,
    resume: options.resume,
    backend,
    data,
    validation: validating,
  };
}

function checkFunction(role: string, f: unknown, hint: string): void {
  if (typeof f !== 'function') throw new ArgumentError('fit', `${role} must be a function`, { [role]: f }, hint);
}
