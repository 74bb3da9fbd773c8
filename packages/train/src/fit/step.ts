/** One step: the batches of an update, the update, the numbers, and at its end the epoch's. Nothing stands yet. */
import { checkedFinite } from '@recurra/core';
import { aborted } from './abortable.js';
import { endedEpoch } from './epoch-end.js';
import { group, type Group } from './group.js';
import type { Fit } from './options.js';
import type { Progress } from './progress.js';
import type { Pull } from './pull.js';
import type { RunState } from './run-state.js';
import { added, means, noSums, type Sums } from './sums.js';
import { notFinite, readTogether, updated } from './update.js';

/** The state after a step and what to tell of it. */
export interface Stepped {
  readonly state: RunState;
  readonly progress: Omit<Progress, 'elapsed'>;
}

/** `take` is told of every tensor that the step makes, so that it is freed if the step fails. */
export async function stepped(
  fit: Fit,
  at: RunState,
  batches: Pull,
  take: (tree: unknown) => void,
): Promise<Stepped | typeof aborted> {
  const gathering = group(fit, at);
  try {
    let batch: unknown;
    do {
      if (fit.signal?.aborted === true) return aborted;
      const current = batches.current!;
      batch = current.batch;
      gathering.add(batch, current.rows);
      if (!(await batches.advance())) return aborted;
    } while (batches.current !== null && gathering.parts.length < fit.accumulate);

    const { epoch } = at;
    const step = at.state.step + 1;
    const learningRate = checkedFinite('fit', 'schedule(step)', fit.learningRate(at.state.step));
    const grads = gathering.gradients();
    const next = updated(fit.optimizer, grads, at, learningRate);
    take([next.params, next.state]);
    const scalars = gathering.parts.flatMap((part) => part.scalars);
    const numbers = await readTogether(scalars, next.params);
    const { sums, group: own, losses } = counted(at.sums, gathering.parts, numbers);
    const { loss = 0, ...metrics } = means(own);
    const weights = Array.from({ length: numbers.length - scalars.length }, (_, i) => numbers[scalars.length + i]!);
    if (!losses.every(Number.isFinite) || weights.some((x) => x !== 0)) {
      throw await notFinite({ epoch, step, loss }, { params: at.params, batch, grads, next: next.params });
    }
    const calls = gathering.parts.length;
    const state = {
      ...at,
      ...next,
      sums,
      batch: at.batch + calls,
      dropoutCounter: at.dropoutCounter + calls,
      trainingCalls: at.trainingCalls + calls,
    };
    const progress = { epoch, step, loss, metrics, learningRate, logs: null };
    if (batches.current !== null) return { state, progress };
    const ended = await endedEpoch(fit, state);
    return ended === aborted ? aborted : { state: ended.state, progress: { ...progress, logs: ended.logs } };
  } finally {
    gathering.free();
  }
}

/** The numbers that were read, added to the epoch's and to the step's own. */
function counted(
  before: Sums,
  parts: Group['parts'],
  numbers: ArrayLike<number>,
): { readonly sums: Sums; readonly group: Sums; readonly losses: readonly number[] } {
  let [sums, own]: [Sums, Sums] = [before, noSums];
  const losses: number[] = [];
  let at = 0;
  for (const { names, rows } of parts) {
    const values = Object.fromEntries(names.map((name) => [name, numbers[at++]!]));
    losses.push(values['loss']!);
    [sums, own] = [added(sums, values, rows), added(own, values, rows)];
  }
  return { sums, group: own, losses };
}
