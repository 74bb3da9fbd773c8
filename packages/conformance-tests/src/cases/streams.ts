/** A stream gives, frame by frame, what `rnn` gives for the whole sequence; in a fused session, or composed. */
import { gruCell, lstmCell, rnn, simpleRNNCell, stackedRNNCells, stream, type Cell } from '@recurra/cells';
import { leaves, reshape, slice, tensor, type Backend, type Tree } from '@recurra/core';
import { defineCases, type Case, type CaseEntry } from '../case.js';
import { equal } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

const cells: Readonly<Record<string, () => Cell>> = {
  'simple-rnn': () => simpleRNNCell({ units: 3 }),
  lstm: () => lstmCell({ units: 5, recurrentActivation: 'hardSigmoid' }),
  gru: () => gruCell({ units: 3 }),
  'gru-reset-before': () => gruCell({ units: 3, resetAfter: false, useBias: false }),
  stack: () => stackedRNNCells([lstmCell({ units: 4 }), gruCell({ units: 3 })]),
  'activation-of-ones-own': () => gruCell({ units: 3, activation: (x) => x }),
};
const [batch, time, inputs] = [2, 4, 3];

const entries: Record<string, CaseEntry> = {};
for (const [name, make] of Object.entries(cells)) {
  entries[`stream/${name}`] = {
    skip: (backend: Backend) => (backend.readSync === undefined ? `${backend.name} cannot be read at once` : undefined),
    run(t) {
      const cell = make();
      const params = cell.init(inputs, { backend: t.backend });
      const x = on(t.backend).floats(random(91, [batch, time, inputs]));
      const whole = rnn(cell, params, x, { returnSequences: true });
      const live = stream(cell, params, { batch });
      // Twice: `reset` has to bring it back to where it was.
      for (const start of [undefined, live.state()] as (Tree | undefined)[]) {
        live.reset(start);
        for (let at = 0; at < time; at++) {
          const frame = slice(x, [0, at], [-1, 1]).dataSync();
          // A stream hands out float32, whatever the precision; so does this read.
          const expected = slice(whole.outputs, [0, at], [-1, 1]).dataSync();
          const [y, e] = [live.step(frame), expected].map((v) =>
            tensor(v, [batch, cell.units], { backend: t.backend }),
          );
          void equal(t, y as Floats, e as Floats);
        }
        const [after, expected] = [leaves(live.state()), leaves(whole.state)] as [Floats[], Floats[]];
        after.forEach((state, i) => void equal(t, reshape(state, state.shape), expected[i]!));
      }
      live.dispose();
    },
  };
}

export const streamCases: readonly Case[] = defineCases('streams', entries);
