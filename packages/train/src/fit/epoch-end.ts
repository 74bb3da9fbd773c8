/** What the end of an epoch adds: the means, the validation, and whether to stop. */
import { ShapeError } from '@recurra/core';
import { aborted } from './abortable.js';
import { observed } from './early-stopping.js';
import { called } from './loss-call.js';
import type { Fit } from './options.js';
import type { Logs } from './progress.js';
import { pull } from './pull.js';
import type { RunState } from './run-state.js';
import { added, means, noSums, type Sums } from './sums.js';
import { readTogether } from './update.js';

/** The state in which the next epoch begins, and the numbers of this one; `aborted` where the signal came first. */
export async function endedEpoch(
  fit: Fit,
  state: RunState,
): Promise<{ readonly state: RunState; readonly logs: Logs } | typeof aborted> {
  const checked = fit.validation === null ? { sums: noSums, calls: 0 } : await validated(fit, state);
  if (checked === aborted) return aborted;
  const valued = Object.entries(means(checked.sums)).map(([name, x]) => [
    `val${name[0]!.toUpperCase()}${name.slice(1)}`,
    x,
  ]);
  const logs: Logs = { ...means(state.sums), ...Object.fromEntries(valued) };
  const next = {
    ...state,
    epoch: state.epoch + 1,
    batch: 0,
    sums: noSums,
    dropoutCounter: state.dropoutCounter + checked.calls,
  };
  if (fit.earlyStopping === null) return { state: next, logs };
  const { patience, best, stop } = observed(fit.earlyStopping, state.patience, state.epoch, logs, state.best !== null);
  const keeps = best && fit.earlyStopping.restoreBest;
  return { state: { ...next, patience, best: keeps ? state.params : state.best, stopped: stop }, logs };
}

async function validated(
  { validation, loss, signal }: Fit,
  state: RunState,
): Promise<{ readonly sums: Sums; readonly calls: number } | typeof aborted> {
  const { params, epoch, dropoutCounter, trainingCalls } = state;
  const batches = pull(validation!.epoch({ epoch, seed: null, skip: 0 }), signal);
  let [sums, calls] = [noSums, 0];
  try {
    if (!(await batches.advance())) return aborted;
    while (batches.current !== null) {
      if (signal?.aborted === true) return aborted;
      const { batch, rows } = batches.current;
      const how = {
        training: false,
        dropoutCounter: dropoutCounter + calls,
        trainingCalls,
        epoch,
        step: state.state.step,
      };
      const call = called(loss, params, batch, how);
      try {
        const named = { loss: call.loss, ...call.metrics };
        const numbers = await readTogether(Object.values(named), null);
        sums = added(sums, Object.fromEntries(Object.keys(named).map((name, i) => [name, numbers[i]!])), rows);
      } finally {
        call.free();
      }
      calls++;
      if (!(await batches.advance())) return aborted;
    }
  } finally {
    await batches.close();
  }
  if (calls > 0) return { sums, calls };
  throw new ShapeError('fit', 'validation gave no batch', { epoch }, 'at least one batch an epoch', 'EMPTY');
}
