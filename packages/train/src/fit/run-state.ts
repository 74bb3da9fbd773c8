/** Everything that a run knows about where it stands: what is saved, and from which it goes on bit for bit. */
import { ArgumentError, leaves, sameShape } from '@recurra/core';
import type { Backend, Tree } from '@recurra/core';
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint/checkpoint.js';
import type { CheckpointValue } from '../checkpoint/value.js';
import type { OptimizerState } from '../optimizers/optimizer.js';
import { isPlain, namedLeaves } from '../trees.js';
import { freshPatience, type Patience } from './early-stopping.js';
import { noSums, type Sums } from './sums.js';

export interface RunState {
  readonly params: Tree;
  readonly state: OptimizerState;
  /** The parameters of the best epoch, where they are to be restored. */
  readonly best: Tree;
  readonly epoch: number;
  /** Batches of this epoch that are done. */
  readonly batch: number;
  readonly sums: Sums;
  readonly dropoutCounter: number;
  readonly trainingCalls: number;
  /** Seed of the order of rows; null for no shuffling. */
  readonly seed: number | null;
  readonly patience: Patience;
  /** Early stopping has said so. */
  readonly stopped: boolean;
  readonly elapsed: number;
}

export function freshState(params: Tree, state: OptimizerState, seed: number | null): RunState {
  const counts = { epoch: 0, batch: 0, dropoutCounter: 0, trainingCalls: 0, elapsed: 0 };
  return { params, state, best: null, sums: noSums, seed, patience: freshPatience, stopped: false, ...counts };
}

const KIND = 'fit';

/** A checkpoint of the run. */
export function savedState(state: RunState, optimizer: string): Promise<Uint8Array> {
  return encodeCheckpoint({ kind: KIND, optimizer, run: state as unknown as CheckpointValue });
}

/** The state in a checkpoint, when it is that of a run with this optimizer and parameters of this form. */
export function restoredState(bytes: Uint8Array, optimizer: string, params: Tree, backend: Backend): RunState {
  const saved = decodeCheckpoint(bytes, { backend });
  if (!isPlain(saved) || saved['kind'] !== KIND || !isRun(saved['run'])) {
    dispose(saved);
    throw mismatch(
      'that checkpoint is not one of a run',
      {},
      'run.checkpoint() makes one; decodeCheckpoint reads others',
    );
  }
  const run = saved['run'] as unknown as RunState;
  const [found, expected] = [run.params, params].map((tree) => namedLeaves('fit', 'params', tree)) as [Leaves, Leaves];
  const differs = expected.find(({ path, tensor }, i) => {
    const other = found[i];
    return other?.path !== path || other.tensor.dtype !== tensor.dtype || !sameShape(other.tensor.shape, tensor.shape);
  });
  if (saved['optimizer'] === optimizer && differs === undefined && found.length === expected.length) return run;
  dispose(saved);
  const facts = { optimizer, saved: saved['optimizer'], ...(differs && { [differs.path]: differs.tensor.shape }) };
  throw mismatch('that checkpoint is of another optimizer or model', facts, 'the same options as in the run before');
}

function isRun(run: unknown): boolean {
  if (!isPlain(run) || !isPlain(run['state']) || !isPlain(run['sums']) || !isPlain(run['patience'])) return false;
  const counts = ['epoch', 'batch', 'dropoutCounter', 'trainingCalls', 'elapsed'].map((name) => run[name]);
  return [run['state']['step'], ...counts].every(Number.isFinite);
}

type Leaves = ReturnType<typeof namedLeaves>;

function dispose(value: unknown): void {
  for (const x of leaves(value)) x.dispose();
}

function mismatch(message: string, facts: Readonly<Record<string, unknown>>, hint: string): ArgumentError {
  return new ArgumentError('fit', message, facts, hint, 'CHECKPOINT_MISMATCH');
}
