/** Gradients that are computed again in segments, and go wrong where one segment ends and another begins. */
import { concat, split, stopGradient } from '@recurra/core';
import type { Floats, Named } from '../../src/cases/cells.js';
import { ourTraining, type TrainingLibrary } from '../../src/cases/training/library.js';
import type { Mutant } from './mutant.js';

type Rnn = TrainingLibrary['rnn'];
type Options = Parameters<Rnn>[3];

/** Call after call for each segment, in the order of `reverse`; what `change` makes of a call is the defect. */
function inParts(
  [cell, params, x, how]: Parameters<Rnn>,
  change: (options: Options, part: number) => Options,
  backwards = how.reverse ?? false,
): ReturnType<Rnn> {
  const sizes = [3, 3, 1];
  const parts = split(x, sizes, 1) as Floats[];
  const masks = how.mask ? split(how.mask, sizes, 1) : null;
  const outputs: Floats[] = [];
  let state = how.initialState;
  const order = backwards ? [2, 1, 0] : [0, 1, 2];
  for (const at of order) {
    const call = { ...how, checkpoint: null, mask: masks && masks[at]!, ...(state && { initialState: state }) };
    const made = ourTraining.rnn(cell, params, parts[at]!, change(call, at));
    state = made.state;
    outputs[at] = made.outputs;
  }
  return { outputs: how.returnSequences ? concat(outputs, 1) : outputs[order[2]!]!, state: state! };
}

const segmented = (
  name: string,
  caughtBy: string,
  made: (given: Parameters<Rnn>) => ReturnType<Rnn> | null,
): Mutant<() => TrainingLibrary> => ({
  name: `segments: ${name}`,
  caughtBy: `training/segments/${caughtBy}`,
  make: () => ({
    ...ourTraining,
    rnn: (...given) => (given[3].checkpoint && made(given)) || ourTraining.rnn(...given),
  }),
});

const held = (state: Named): Named =>
  Object.fromEntries(Object.entries(state).map(([name, s]) => [name, stopGradient(s)]));

export const brokenSegments: readonly Mutant<() => TrainingLibrary>[] = [
  segmented('gradients end where a segment begins', 'simple-rnn/sequences', (given) =>
    inParts(given, (how) => (how.initialState ? { ...how, initialState: held(how.initialState as Named) } : how)),
  ),
  segmented('masked steps repeat nothing of the segment before', 'simple-rnn/masked-last-output', (given) =>
    inParts(given, (how) => how),
  ),
  segmented('reversed, they come in input order', 'simple-rnn/masked-reverse', (given) =>
    given[3].reverse ? inParts(given, (how) => how, false) : null,
  ),
  segmented('each has dropout of its own', 'gru-with-dropout/sequences', (given) =>
    given[3].mask ? null : inParts(given, (how, part) => ({ ...how, dropoutCounter: part })),
  ),
];
