/** Everything that a run knows about where it stands: what is saved, and from which it goes on bit for bit. */
import { ArgumentError, leaves } from '@recurra/core';
import type { Tensor, Tree } from '@recurra/core';
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint/checkpoint.js';
import type { CheckpointValue } from '../checkpoint/value.js';
import type { OptimizerState } from '../optimizers/optimizer.js';
import { isPlain, namedLeaves } from '../trees.js';
import type { Fit } from './options.js';
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

/** A checkpoint of the run, and with it what its owner wants kept. */
export function savedState(state: RunState, { optimizer, data }: Fit, extra: CheckpointValue): Promise<Uint8Array> {
  const run = state as unknown as CheckpointValue;
  return encodeCheckpoint({ kind: KIND, optimizer: optimizer.name, cut: data.cut && { ...data.cut }, extra, run });
}

/** The state in a checkpoint, when it is that of a run with these options, and what was kept with it. */
export function restoredState(bytes: Uint8Array, fit: Fit): { readonly at: RunState; readonly extra: CheckpointValue } {
  const { backend, params } = fit;
  const optimizer = fit.optimizer.name;
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
  const refuse = (message: string, facts: Facts, hint: string): never => {
    dispose(saved);
    throw mismatch(message, facts, hint);
  };
  if (saved['optimizer'] !== optimizer) {
    const facts = { optimizer, saved: saved['optimizer'] };
    refuse('that checkpoint is of another optimizer', facts, 'the same options as in the run before');
  }
  const [found, expected] = [run.params, params].map((tree) => namedLeaves('fit', 'params', tree)) as [Leaves, Leaves];
  const name = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.join(', ')}]`;
  const saves = new Map(found.map(({ path, tensor }) => [path, name(tensor)]));
  for (const { path, tensor } of expected) {
    const facts = { [path]: name(tensor), saved: saves.get(path) ?? 'nothing of that name' };
    if (facts.saved !== facts[path]) refuse('that checkpoint is of another model', facts, 'params of the same form');
    saves.delete(path);
  }
  const [more] = saves;
  if (more)
    refuse('that checkpoint is of another model', { [more[0]]: 'nothing', saved: more[1] }, 'params of the same form');
  checkOrder(run, saved['cut'], fit, refuse);
  return { at: run, extra: saved['extra'] as CheckpointValue };
}

type Facts = Readonly<Record<string, unknown>>;

/** The rows that are left of an epoch are those that were not had before: only in the same order, cut alike. */
function checkOrder(
  { seed, batch }: RunState,
  saved: unknown,
  { shuffle, data: { cut } }: Fit,
  refuse: (message: string, facts: Facts, hint: string) => never,
): void {
  const asked = shuffle === true ? (seed ?? 'a seed') : shuffle === false ? null : (shuffle ?? seed);
  if (asked !== seed) {
    const facts = { shuffle, saved: seed ?? false };
    refuse('the rows of that checkpoint come in another order', facts, 'leave shuffle out: the checkpoint has it');
  }
  if (batch === 0 || cut === null || !isPlain(saved)) return;
  for (const part of ['batchSize', 'rows'] as const) {
    if (cut[part] === saved[part]) continue;
    const facts = { [part]: cut[part], saved: saved[part], 'batches done in this epoch': batch };
    refuse(`${part} is another than before, in the middle of an epoch`, facts, 'it may change between two epochs');
  }
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
