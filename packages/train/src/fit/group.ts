/** The batches of one update: their gradients added up as they come, so that no more than two are ever held. */
import type { Tree } from '@recurra/core';
import { replaceLeaves, type Floats } from '../trees.js';
import { addedGradients, called } from './loss-call.js';
import type { Fit } from './options.js';
import type { RunState } from './run-state.js';
import { meanOf } from './update.js';

/** What has been gathered for an update. */
export interface Group {
  /** Loss and metrics of each batch: names, scalars and rows. */
  readonly parts: { readonly names: readonly string[]; readonly scalars: readonly Floats[]; readonly rows: number }[];
  /** One more batch: calls the loss function. */
  add(batch: unknown, rows: number): void;
  /** The mean of the gradients; stays the group's. */
  gradients(): Tree;
  free(): void;
}

export function group({ loss }: Fit, at: RunState): Group {
  const parts: Group['parts'] = [];
  let total: Tree = null;
  return {
    parts,
    add(batch, rows) {
      const calls = parts.length;
      const { dropoutCounter, trainingCalls, epoch } = at;
      const call = called(loss, at.params, batch, {
        training: true,
        dropoutCounter: dropoutCounter + calls,
        trainingCalls: trainingCalls + calls,
        epoch,
        step: at.state.step,
      });
      const named = { loss: call.loss, ...call.metrics };
      total = total === null ? call.grads : addedGradients(total, call.grads);
      parts.push({ names: Object.keys(named), scalars: Object.values(named), rows });
    },
    gradients: () => (total = meanOf(total, parts.length)),
    free() {
      for (const { scalars } of parts) for (const x of scalars) x.dispose();
      replaceLeaves(total, (x) => x.dispose());
    },
  };
}
