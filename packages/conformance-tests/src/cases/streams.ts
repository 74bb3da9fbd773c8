/** A stream gives, frame by frame, what `rnn` gives for the whole sequence; in a fused session, or composed. */
import {
  gruCell,
  lstmCell,
  residual,
  rnn,
  simpleRNNCell,
  stackedRNNCells,
  stream as ours,
  type Cell,
} from '@recurra/cells';
import { leaves, mapTree, mul, reshape, slice, tensor, type Backend, type Tree } from '@recurra/core';
import { defineCases, type Case, type CaseEntry, type Testing } from '../case.js';
import { equal } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

const cells: Readonly<Record<string, () => Cell>> = {
  'simple-rnn': () => simpleRNNCell({ units: 3 }),
  lstm: () => lstmCell({ units: 5, recurrentActivation: 'hardSigmoid' }),
  gru: () => gruCell({ units: 3 }),
  'gru-reset-before': () => gruCell({ units: 3, resetAfter: false, useBias: false }),
  stack: () => stackedRNNCells([lstmCell({ units: 4 }), gruCell({ units: 3 })]),
  // Of units that grow: what passes between them has a width of its own.
  'stack-of-three': () => stackedRNNCells([gruCell({ units: 2 }), lstmCell({ units: 5 }), simpleRNNCell({ units: 3 })]),
  residual: () => residual(gruCell({ units: 3 })),
  'activation-of-ones-own': () => gruCell({ units: 3, activation: (x) => x }),
};
const [batch, time, inputs] = [2, 4, 3];
const blocking = (backend: Backend): string | undefined =>
  backend.readSync === undefined ? `${backend.name} cannot be read at once` : undefined;

/** All of them; a broken `stream` may take the place of ours. */
export function streamCasesOf(stream: typeof ours = ours): Case[] {
  const entries: Record<string, CaseEntry> = {};
  for (const [name, make] of Object.entries(cells)) {
    entries[`stream/${name}`] = {
      skip: blocking,
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
    entries[`stream/${name}/owns-what-it-holds`] = { skip: blocking, run: (t) => owning(t, make(), stream) };
  }
  // Longer than a chunk of time that is worked on at once.
  entries['stream/seventy-steps'] = {
    skip: blocking,
    run(t) {
      const [cell, long] = [gruCell({ units: 3 }), 70];
      const params = cell.init(inputs, { backend: t.backend });
      const x = on(t.backend).floats(random(95, [1, long, inputs]));
      const live = stream(cell, params);
      const frames = x.dataSync();
      const outs = Array.from({ length: long }, (_, at) => live.step(frames.slice(at * inputs, (at + 1) * inputs)));
      const y = on(t.backend).floats({ shape: [1, long, 3], data: outs.flatMap((out) => Array.from(out)) });
      const whole = rnn(cell, params, x, { returnSequences: true }).outputs.dataSync();
      void equal(t, y, on(t.backend).floats({ shape: [1, long, 3], data: Array.from(whole) }));
      live.dispose();
    },
  };
  return defineCases('streams', entries);
}

/** Its parameters may be freed, and what it hands out; it starts where it is told to, and again when it is reset. */
function owning({ backend, same }: Testing, cell: Cell, stream: typeof ours): void {
  const size = batch * cell.units;
  const frame = (seed: number): Float32Array => Float32Array.from(random(seed, [batch, inputs]).data);
  const drop = (tree: unknown): void => leaves(tree).forEach((x) => x.dispose());
  const first = cell.init(inputs, { backend });
  // The same numbers again: the ones that the stream is given are freed while it runs.
  const copy = mapTree(first, (x) => mul(x, 1));
  const live = stream(cell, copy, { batch });
  drop(copy);
  const started = live.step(frame(1)).slice();
  const state = live.state();
  const next = live.step(frame(2)).slice();
  const end = live.state();
  drop(end);
  const after = live.step(frame(3)).slice();
  // From a state that is given, and freed at once.
  const given = mapTree(state, (x) => mul(x, 1));
  const other = stream(cell, first, { batch, initialState: given as Tree });
  drop(given);
  void same(other.step(frame(2)), next);
  void same(other.step(frame(3)), after);
  other.reset(state as Tree);
  void same(other.step(frame(2)), next);
  other.reset();
  void same(other.step(frame(1)), started);
  // In place: the frame is the output's array too, where both are as wide.
  if (cell.units === inputs) {
    const both = frame(2);
    live.reset(state as Tree);
    live.step(both, both);
    void same(both, next);
  }
  void same(started.length, size);
  live.dispose();
  other.dispose();
}

export const streamCases: readonly Case[] = streamCasesOf();
