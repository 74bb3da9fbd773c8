/**
 * What is built around cells gives Keras's numbers, and PyTorch's: dropout with Keras's own masks, stacked cells, both
 * directions. As in cells.ts, the cases are made for a library, so that the suite can be shown broken ones.
 */
import {
  bidirectional,
  gruCell,
  lstmCell,
  rnn,
  simpleRNNCell,
  stackedRNNCells,
  type BidirectionalOptions,
  type Cell,
  type RNNOptions,
} from '@recurra/cells';
import { leaves, type Backend, type Tree } from '@recurra/core';
import { defineCases, type Case, type CaseEntry, type Testing } from '../case.js';
import { layerVectors, maskOf, type LayerVector } from '../vectors.js';
import { equal, hideMasked, named } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

type AnyCell = Cell<Tree, Tree>;
type AnyLayer = readonly [cell: AnyCell, params: Tree];

/** What the cases need: cells by Keras's names, and what is built around them. */
export interface LayerLibrary {
  cell(name: LayerVector['layers'][number][number]['cell'], options: Readonly<Record<string, unknown>>): AnyCell;
  stacked(cells: readonly AnyCell[]): AnyCell;
  rnn(cell: AnyCell, params: Tree, x: Floats, options: RNNOptions<Tree>): { outputs: Floats; state: Tree };
  bidirectional(
    directions: { forward: AnyLayer; backward: AnyLayer },
    x: Floats,
    options: BidirectionalOptions<Tree, Tree>,
  ): { outputs: Floats | readonly Floats[]; state: { forward: Tree; backward: Tree } };
}

const factories = { simpleRnn: simpleRNNCell, lstm: lstmCell, gru: gruCell };

/** Those of @recurra/cells. */
export const ourLayers: LayerLibrary = {
  cell: (name, options) => (factories[name] as unknown as (options: object) => AnyCell)(options),
  stacked: (cells) => stackedRNNCells(cells) as AnyCell,
  rnn: (cell, params, x, options) => rnn(cell, params, x, options),
  bidirectional: ({ forward, backward }, x, options) => bidirectional({ forward, backward }, x, options),
};

export function layerCases(library: LayerLibrary = ourLayers): Case[] {
  const entries: Record<string, CaseEntry> = {};
  for (const vector of layerVectors) entries[vector.id] = (t) => oneVector(t, library, vector);
  return defineCases('cells', { ...entries, ...relations(library) });
}

function oneVector({ backend, close, same }: Testing, library: LayerLibrary, vector: LayerVector): void {
  const { floats, bools } = on(backend);
  const data = Array.from(vector.x.data);
  if (vector.mask) hideMasked(data, vector.x.shape as [number, number, number], vector.mask);
  const x = floats({ shape: vector.x.shape, data });
  const [one, other] = vector.layers.map((cells) => layerOf(library, cells, backend)) as [Made, Made?];
  const options = { ...vector.options, mask: vector.mask ? bools(maskOf(vector.mask)) : null };
  const result =
    other === undefined
      ? library.rnn(...one.layer, x, { ...options, ...(one.state && { initialState: one.state }) })
      : library.bidirectional({ forward: one.layer, backward: other.layer }, x, {
          ...options,
          ...(one.state && { initialState: { forward: one.state, backward: other.state } }),
        });
  const outputs = Array.isArray(result.outputs) ? (result.outputs as Floats[]) : [result.outputs as Floats];
  const expected = [...vector.outputs, ...vector.state.flat().flatMap((state) => Object.values(state))];
  const found = [...outputs, ...(leaves(result.state) as Floats[])];
  void same(found.length, expected.length);
  found.forEach((tensor, i) => void close(tensor, expected[i]!));
}

interface Made {
  readonly layer: AnyLayer;
  readonly state: Tree | undefined;
}

/** One cell as it is, several as a stack. */
function layerOf(library: LayerLibrary, cells: LayerVector['layers'][number], backend: Backend): Made {
  const made = cells.map(({ cell, options }) => library.cell(cell, options));
  const params: Tree[] = cells.map((cell) => named(cell.params, backend));
  const states = cells.map(({ initialState }) => initialState && named(initialState, backend));
  if (made.length === 1) return { layer: [made[0]!, params[0]!], state: states[0] };
  return { layer: [library.stacked(made), params], state: states[0] && (states as Tree) };
}

/** What must hold whatever the numbers are. */
function relations(library: LayerLibrary): Record<string, CaseEntry> {
  const dropping = (): AnyCell => library.cell('lstm', { units: 3, dropout: 0.5, recurrentDropout: 0.3, seed: 8 });
  return {
    // A training run can be repeated; and inference has no dropout, whatever the counter.
    'dropout/same-call-same-masks': ({ backend, same }) => {
      const cell = dropping();
      const params = cell.init(4, { backend });
      const x = on(backend).floats(random(81, [2, 3, 4]));
      const run = (options: RNNOptions<Tree>): Floats => library.rnn(cell, params, x, options).outputs;
      void same(run({ training: true, dropoutCounter: 3 }), run({ training: true, dropoutCounter: 3 }));
      void same(run({}), run({ dropoutCounter: 3 }));
      void same(cell.draws, 8);
    },
    // Layer after layer over all of time, or all layers at each step: a cell may be run either way.
    'stacked/step-by-step': (t) => {
      const stack = library.stacked([
        library.cell('gru', { units: 4, seed: 1, dropout: 0.3 }),
        library.cell('lstm', { units: 3, seed: 2, recurrentDropout: 0.4 }),
      ]);
      const { sequence: _, ...stepping } = stack;
      const params = stack.init(2, { backend: t.backend });
      const mask = on(t.backend).bools(maskOf(['0110', '1101', '1111']));
      const x = on(t.backend).floats(random(82, [3, 4, 2]));
      for (const options of [{ mask, reverse: true }, { training: true }, { mask, zeroOutputForMask: true }]) {
        const [a, b] = [stack, stepping].map((cell) =>
          library.rnn(cell, params, x, { ...options, returnSequences: true }),
        ) as [ReturnType<typeof library.rnn>, ReturnType<typeof library.rnn>];
        void equal(t, a.outputs, b.outputs);
        const [after, expected] = [leaves(a.state), leaves(b.state)] as [Floats[], Floats[]];
        after.forEach((state, i) => void equal(t, state, expected[i]!));
      }
    },
  };
}
