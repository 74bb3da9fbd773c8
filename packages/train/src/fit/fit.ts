/**
 * The training loop: batches → loss and gradients → update → read → yield. Whatever a step makes stands only when the
 * whole step has succeeded, so that a run that fails, is aborted or left always has its last good parameters.
 */
import { ArgumentError, checkOptions, DisposedError, keep, leaves, ShapeError } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import { fromJson, toJson, type CheckpointValue } from '../checkpoint/value.js';
import { aborted } from './abortable.js';
import { checkedFit, type Fit, type FitOptions } from './options.js';
import type { Outcome, Progress } from './progress.js';
import { pull } from './pull.js';
import { freshState, restoredState, savedState, type RunState } from './run-state.js';
import { stepped } from './step.js';

/** Options of `run.checkpoint`. */
export interface CheckpointOptions {
  /**
   * Numbers, strings, booleans and null, in arrays and plain objects: what a program wants to find beside the run, such as
   * a vocabulary. Kept with the later ones too; `run.extra` of a run that is resumed has it.
   */
  readonly extra?: unknown;
}

/** A run of `fit`: iterate over it, and look at it between steps and afterwards. */
export interface Run<P> extends AsyncIterable<Progress> {
  /**
   * The parameters after the last step that stood; with `restoreBest`, at the end those of the best epoch. While the run
   * goes on they are its own and freed by a later step; those it has at the end, or when it is disposed, are yours.
   */
  readonly params: P;
  /** Why it ended; null while it may go on. */
  readonly outcome: Outcome;
  /**
   * Everything as bytes, between two steps or after the last: parameters, optimizer, counters. `fit({ …, resume })` goes on.
   *
   * @throws DisposedError after `dispose` or `finish`
   */
  checkpoint(options?: CheckpointOptions): Promise<Uint8Array>;
  /** What was kept with the checkpoint that the run was resumed from, or with its own last one; else null. */
  readonly extra: unknown;
  /** Runs what is left, disposes the run, and gives the parameters. */
  finish(): Promise<P>;
  /** Frees everything of the run but `params`. It cannot go on then. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Trains parameters, one update after the other, as fast as somebody asks for the next.
 *
 *     using run = fit({ params, loss: (p, { x, y }) => meanSquaredError(y, model(p, x)), optimizer: adam(), data: { x, y } });
 *     for await (const { epoch, step, loss, logs } of run) console.log(epoch, step, loss);
 *     run.params;
 *
 * `break` leaves the loop, and a second `for await` goes on. Nothing happens before the first step is asked for.
 *
 * The loop throws GradientError, code NOT_FINITE, when a loss is NaN or infinite or an update would make a weight so: it
 * names the step and the path, and `run.params` are those before that step. What the loss function or the data throw comes
 * through as it is. A signal ends the loop without an error.
 *
 * @throws ArgumentError, ShapeError for options, data or a checkpoint that do not fit; code CHECKPOINT_… as
 * `decodeCheckpoint`, CHECKPOINT_MISMATCH for a checkpoint of another model or optimizer
 */
export function fit<P, D>(options: FitOptions<P, D>): Run<P> {
  const how = checkedFit(options);
  const free = (): void => {
    how.data.free();
    how.validation?.free();
  };
  try {
    return started<P>(how, free);
  } catch (error) {
    free();
    throw error;
  }
}

function started<P>(how: Fit, freeData: () => void): Run<P> {
  const given = new Set(leaves(how.params));
  /** What the run has made and not yet freed. */
  const owned = new Set<Tensor>();
  const take = (tree: unknown): void => {
    for (const x of leaves(tree)) if (!given.has(x)) owned.add(keep(x));
  };
  const settle = (state: RunState): void => {
    const held = new Set(leaves([state.params, state.state, state.best]));
    for (const x of owned) {
      if (held.has(x)) continue;
      x.dispose();
      owned.delete(x);
    }
  };
  let { at, extra } =
    how.resume === undefined
      ? { at: freshState(how.params, how.optimizer.init(how.params), how.seed), extra: null as CheckpointValue }
      : restoredState(how.resume, how);
  take([at.params, at.state, at.best]);
  let outcome: Outcome = null;
  let busy = false;
  let disposed = false;
  const ended = (): boolean => at.stopped && how.earlyStopping !== null;

  /** Steps from where the run stands to its end, or to where somebody leaves it. */
  async function* steps(): AsyncGenerator<Progress, void> {
    if (busy || disposed) {
      const state = busy ? 'is being iterated over already' : 'was disposed';
      throw new ArgumentError('fit', `the run ${state}`, {}, 'one loop at a time, before dispose()', 'RUN_BUSY');
    }
    busy = true;
    outcome = null;
    // The first step may be asked for inside a scope, which must not free what is made here.
    await Promise.resolve();
    const began = performance.now() - at.elapsed;
    try {
      // Without early stopping a run that stopped early has more to do.
      while (at.epoch < how.epochs && !ended()) {
        const { epoch, batch: skip, seed } = at;
        const batches = pull(how.data.epoch({ epoch, seed, skip }), how.signal);
        try {
          if (!(await batches.advance())) return void (outcome = 'aborted');
          if (batches.current === null) throw noBatch(epoch, skip);
          while (batches.current !== null) {
            const step = await stepped(how, at, batches, take);
            if (step === aborted || disposed) return void (outcome = 'aborted');
            at = { ...step.state, elapsed: performance.now() - began };
            settle(at);
            yield { ...step.progress, elapsed: at.elapsed };
            if (disposed) return void (outcome = 'aborted');
          }
        } finally {
          await batches.close();
        }
      }
      outcome = ended() ? 'stoppedEarly' : 'completed';
      if (at.best !== null) at = { ...at, params: at.best };
    } catch (error) {
      outcome = 'failed';
      throw error;
    } finally {
      busy = false;
      if (disposed) release();
      else settle(at);
    }
  }

  function release(): void {
    for (const x of leaves(at.params)) owned.delete(x);
    for (const x of owned) x.dispose();
    owned.clear();
  }

  function dispose(): void {
    if (disposed) return;
    disposed = true;
    release();
    freeData();
  }

  const run: Run<P> = {
    get params() {
      return at.params as P;
    },
    get outcome() {
      return outcome;
    },
    get extra() {
      return extra ?? null;
    },
    async checkpoint(options = {}) {
      checkOptions('checkpoint', options, ['extra']);
      if (options.extra !== undefined) extra = checkedExtra(options.extra);
      if (!disposed) return savedState(at, how, extra);
      const hint = 'checkpoint() comes before dispose() and finish(), which free the state of the optimizer';
      throw new DisposedError('fit', 'the run was disposed', {}, hint);
    },
    async finish() {
      for await (const _ of run);
      dispose();
      return run.params;
    },
    dispose,
    [Symbol.dispose ?? (Symbol.for('Symbol.dispose') as never)]: dispose,
    [Symbol.asyncIterator]: steps,
  };
  return run;
}

function noBatch(epoch: number, skip: number): ShapeError {
  const facts = { epoch, skipped: skip };
  return new ShapeError(
    'fit',
    'data gave no batch',
    facts,
    'at least one in every epoch, the same ones when resumed',
    'EMPTY',
  );
}

/** A copy, so that it stays what it was. Tensors have owners: those belong in the parameters. */
function checkedExtra(extra: unknown): CheckpointValue {
  const tensors: Tensor[] = [];
  const json = toJson(extra, tensors, 'extra');
  if (tensors.length === 0) return fromJson(json, []) as CheckpointValue;
  const hint = 'params are where tensors go, or a file of its own by encodeCheckpoint';
  throw new ArgumentError('checkpoint', 'extra holds tensors', { extra }, hint, 'NOT_A_VALUE');
}
