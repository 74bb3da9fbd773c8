/** Whole recurrences in one call: every option, mask and size, beside the step composed of ops. */
import { defineCases, type CaseEntry } from '../../case.js';
import { activationEntries } from './activations.js';
import { both, missing, withoutVjp } from './both.js';
import { gradientsOf, run, runWithOthers } from './run.js';
import { kernels, masks, specOf, variants, type Kernel, type Sequence } from './sequences.js';

const small: Sequence = { sizes: [2, 3, 2, 3], state: true };

const differentiated: Readonly<Record<string, readonly Sequence[]>> = {
  gradients: [
    { ...small, returnSequences: true },
    { ...small, sizes: [5, 4, 2, 3], reverse: true, mask: masks },
  ],
  'gradients-of-masked-sequences': [
    { sizes: [5, 4, 2, 3], mask: masks, state: true, returnSequences: true },
    { sizes: [5, 4, 2, 3], mask: masks, state: true, returnSequences: true, reverse: true },
  ],
  // More rows, batch and time together, than a block of them holds.
  'gradients-of-many-rows': [{ sizes: [3, 50, 2, 3], state: true, returnSequences: true }],
};

function recurrent(fused: Kernel): Record<string, CaseEntry> {
  const [name, label] = fused;
  const entries: Record<string, CaseEntry> = {};
  for (const [variant, how] of Object.entries(variants)) {
    entries[`${label}/${variant}`] = {
      skip: (backend) => missing(backend, name, specOf(fused, how)),
      wait: (t) => both(t, name, (backend) => run(backend, fused, how)),
    };
  }
  Object.assign(entries, activationEntries(fused));
  // Asked twice it answers the same, and what it cannot do it says in words.
  entries[`${label}/accepts`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)),
    run({ backend, same }) {
      const unknown = missing(backend, name, specOf(fused, small, ['noSuchActivation', 'sigmoid']));
      void same(typeof unknown, 'string');
      void same(unknown, missing(backend, name, specOf(fused, small, ['noSuchActivation', 'sigmoid'])));
      void same(missing(backend, name, specOf(fused, small)), undefined);
    },
  };
  // What is packed for one tensor must not be found for another that came with the same one.
  entries[`${label}/other-weights`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)),
    wait: (t) => both(t, name, (backend) => runWithOthers(backend, fused, { ...small, sizes: [2, 3, 2, 9] })),
  };
  for (const [variant, hows] of Object.entries(differentiated)) {
    entries[`${label}/${variant}`] = {
      skip: (backend) => missing(backend, name, specOf(fused, hows[0]!)) ?? withoutVjp(backend, name),
      async wait(t) {
        for (const how of hows) await both(t, name, (backend) => gradientsOf(backend, fused, how));
      },
    };
  }
  return entries;
}

export const recurrentCases = defineCases(
  'fused',
  Object.assign({}, ...kernels.map(recurrent)) as Record<string, CaseEntry>,
);
