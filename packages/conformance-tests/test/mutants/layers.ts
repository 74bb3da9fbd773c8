/** Libraries with one defect each in what is built around cells: dropout, stacks, both directions. */
import { add, concat, mul, reshape, reverse, scope, slice, type Tree } from '@recurra/core';
import { ourLayers, type LayerLibrary } from '../../src/cases/layers.js';
import type { Floats } from '../../src/cases/on.js';
import type { Mutant } from './mutant.js';

type LayerMutant = Mutant<() => LayerLibrary>;
type Options = Readonly<Record<string, unknown>>;

function cells(name: string, caughtBy: string, change: (options: Options, cell: string) => Options): LayerMutant {
  return {
    name,
    caughtBy,
    make: () => ({ ...ourLayers, cell: (cell, options) => ourLayers.cell(cell, change(options, cell)) }),
  };
}

function runs(name: string, caughtBy: string, change: (options: Options) => Options): LayerMutant {
  return {
    name,
    caughtBy,
    make: () => ({
      ...ourLayers,
      rnn: (cell, params, x, options) => ourLayers.rnn(cell, params, x, change(options as Options)),
    }),
  };
}

type Both = LayerLibrary['bidirectional'];
function both(name: string, caughtBy: string, bidirectional: Both): LayerMutant {
  return {
    name,
    caughtBy,
    make: () => ({ ...ourLayers, bidirectional: (...given) => scope(() => bidirectional(...given)) }),
  };
}
/** Both directions, un-merged, for a defect in what follows. */
const halves = (
  ...[directions, x, options]: Parameters<Both>
): { a: Floats; b: Floats; state: ReturnType<Both>['state'] } => {
  const { outputs, state } = ourLayers.bidirectional(directions, x, { ...options, mergeMode: null });
  const [a, b] = outputs as [Floats, Floats];
  return { a, b, state };
};
/** The merging of the two halves as it should be. */
const merged = (mode: unknown, a: Floats, b: Floats): Floats | readonly Floats[] =>
  mode === null ? [a, b] : ourMerge[(mode ?? 'concat') as keyof typeof ourMerge](a, b);

const ourMerge = {
  concat: (a: Floats, b: Floats): Floats => concat([a, b], -1),
  sum: (a: Floats, b: Floats): Floats => add(a, b),
  mul: (a: Floats, b: Floats): Floats => mul(a, b),
  ave: (a: Floats, b: Floats): Floats => mul(add(a, b), 0.5),
};

/** A stack as its own cell would be run: layer after layer, with a defect between them. */
function stack(
  name: string,
  caughtBy: string,
  defect: { mask?: true; state?: true; order?: true; reverse?: true },
): LayerMutant {
  return {
    name,
    caughtBy,
    make: () => ({
      ...ourLayers,
      stacked(list) {
        const ours = ourLayers.stacked(list);
        return {
          ...ours,
          sequence(params, x, state, how) {
            let outputs = x;
            const after = list.map((cell, k) => {
              const initialState = (state as Tree[] | undefined)?.[k];
              const layer = ourLayers.rnn(cell, (params as Tree[])[k]!, outputs, {
                reverse: defect.reverse && k > 0 ? false : how.reverse,
                mask: defect.mask && k > 0 ? null : how.mask,
                ...(initialState && !(defect.state && k > 0) && { initialState }),
                returnSequences: k < list.length - 1 || how.returnSequences,
                ...(how.dropoutCounter !== null && { training: true, dropoutCounter: how.dropoutCounter }),
              });
              outputs = layer.outputs;
              return layer.state;
            });
            return { outputs, state: defect.order ? after.toReversed() : after };
          },
        };
      },
    }),
  };
}

export const brokenLayers: readonly LayerMutant[] = [
  runs('dropout is off in training', 'cells/dropout/simpleRnn/inputs-call-1', (o) => ({ ...o, training: false })),
  runs('dropout is on outside of training', 'cells/dropout/simpleRnn/not-training', (o) => ({ ...o, training: true })),
  runs('every call drops the same', 'cells/dropout/simpleRnn/inputs-call-1', (o) => ({ ...o, dropoutCounter: 0 })),
  runs('calls are counted from one too high', 'cells/dropout/simpleRnn/inputs-call-1', (o) => ({
    ...o,
    ...(o['dropoutCounter'] === 1 && { dropoutCounter: 2 }),
  })),
  cells('the seed of dropout is ignored', 'cells/dropout/simpleRnn/inputs-call-1', (o) => ({ ...o, seed: 99 })),
  cells('inputs and state drop at the same rate', 'cells/dropout/simpleRnn/both-call-0', (o) => ({
    ...o,
    ...(o['dropout'] && o['recurrentDropout'] ? { recurrentDropout: o['dropout'] } : {}),
  })),
  cells('a rate of 1 is no dropout in a SimpleRNN', 'cells/dropout/simpleRnn/rate-1', (o) =>
    o['dropout'] === 1 ? { ...o, dropout: 0 } : o,
  ),
  cells('a rate of 1 drops in an LSTM', 'cells/dropout/lstm/rate-1', (o, cell) =>
    o['dropout'] === 1 && cell === 'lstm' ? { ...o, dropout: 1 - 2 ** -24 } : o,
  ),
  cells('the gates share a mask though the state drops', 'cells/dropout/lstm/state-rate-1', (o, cell) =>
    o['recurrentDropout'] === 1 && cell === 'lstm' ? { ...o, recurrentDropout: 0 } : o,
  ),

  stack('the mask reaches only the first cell', 'cells/stacked/masked', { mask: true }),
  stack('the initial state reaches only the first cell', 'cells/stacked/last-output', { state: true }),
  stack('the states of a stack are the last cell first', 'cells/stacked/last-output', { order: true }),
  stack('only the first cell of a stack reverses', 'cells/stacked/masked-reverse', { reverse: true }),

  both('the backward half is not turned around', 'cells/bidirectional/concat-sequences', (d, x, o) => {
    const { a, b, state } = halves(d, x, o);
    return { outputs: merged(o.mergeMode, a, b.rank === 3 ? reverse(b, 1) : b), state };
  }),
  both('the halves are swapped', 'cells/bidirectional/concat-sequences', (d, x, o) => {
    const { a, b, state } = halves(d, x, o);
    return { outputs: merged(o.mergeMode, b, a), state };
  }),
  both('the average is the sum', 'cells/bidirectional/ave-sequences', (d, x, o) => {
    const { a, b, state } = halves(d, x, o);
    return { outputs: merged(o.mergeMode === 'ave' ? 'sum' : o.mergeMode, a, b), state };
  }),
  both('the product is the sum', 'cells/bidirectional/mul-sequences', (d, x, o) => {
    const { a, b, state } = halves(d, x, o);
    return { outputs: merged(o.mergeMode === 'mul' ? 'sum' : o.mergeMode, a, b), state };
  }),
  both('masked steps repeat', 'cells/bidirectional/concat-sequences', ({ forward, backward }, x, o) => {
    const { mergeMode, initialState, ...shared } = o;
    const run = (way: 'forward' | 'backward', [cell, params]: typeof forward): ReturnType<LayerLibrary['rnn']> =>
      ourLayers.rnn(cell, params, x, {
        ...shared,
        ...(initialState?.[way] && { initialState: initialState[way] }),
        reverse: way === 'backward',
      });
    const [a, b] = [run('forward', forward), run('backward', backward)];
    return { outputs: merged(mergeMode, a.outputs, b.outputs), state: { forward: a.state, backward: b.state } };
  }),
  both('the initial states are swapped', 'cells/bidirectional/concat-sequences', (d, x, o) =>
    ourLayers.bidirectional(d, x, {
      ...o,
      ...(o.initialState && {
        initialState: { forward: o.initialState.backward!, backward: o.initialState.forward! },
      }),
    }),
  ),
  both('both directions have the forward weights', 'cells/bidirectional/concat-sequences', (d, x, o) =>
    ourLayers.bidirectional({ forward: d.forward, backward: [d.backward[0], d.forward[1]] }, x, o),
  ),
  both('the last backward output is that of the last step', 'cells/bidirectional/concat-last-output', (d, x, o) => {
    const { a, state } = halves(d, x, o);
    const all = halves(d, x, { ...o, returnSequences: true });
    const [batch, time, units] = all.b.shape as [number, number, number];
    const b = a.rank === 3 ? all.b : reshape(slice(all.b, [0, time - 1], [-1, 1]), [batch, units]);
    return { outputs: merged(o.mergeMode, a, b), state };
  }),
];
