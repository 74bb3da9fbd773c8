/**
 * What must hold of cells beyond their numbers: what the padding holds reaches nothing, null is linear, each product has
 * dropout masks of its own, stacks count the masks of all their cells.
 */
import {
  gruCell,
  lstmCell,
  minimalGatedCell,
  rnn,
  simpleRNNCell,
  stackedRNNCells,
  type Cell,
  type RNNOptions,
} from '@recurra/cells';
import { abs, cast, grad, greater, leaves, matmul, sub, sum, where, type Backend, type Tree } from '@recurra/core';
import { defineCases, type Case, type CaseEntry, type Testing } from '../case.js';
import { maskOf } from '../vectors.js';
import { equal } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

type AnyCell = Cell<Tree, Tree>;
/** What the cases run: mutants bring another driver, or other cells. */
export interface CellFactories {
  readonly rnn: (cell: AnyCell, params: Tree, x: Floats, options: RNNOptions<Tree>) => { readonly outputs: Floats };
  readonly lstmCell: typeof lstmCell;
  readonly gruCell: typeof gruCell;
  readonly minimalGatedCell: typeof minimalGatedCell;
  readonly stackedRNNCells: typeof stackedRNNCells;
}
const ours: CellFactories = { rnn, lstmCell, gruCell, minimalGatedCell, stackedRNNCells };

const made: Readonly<Record<string, () => AnyCell>> = {
  'simple-rnn': () => simpleRNNCell({ units: 3 }) as AnyCell,
  lstm: () => lstmCell({ units: 3 }) as AnyCell,
  gru: () => gruCell({ units: 3 }) as AnyCell,
  'gru-reset-before': () => gruCell({ units: 3, resetAfter: false }) as AnyCell,
  // A function of one's own has no fused kernel: this one composes.
  composed: () => gruCell({ units: 3, activation: (x) => x }) as AnyCell,
};

/** NaN behind the mask, or 0: all gradients are the same, and 0 for what is behind it. */
function behindAMask(t: Testing, cell: AnyCell, { rnn: drive }: CellFactories): void {
  const { floats, bools } = on(t.backend);
  const params = cell.init(2, { backend: t.backend });
  const mask = bools(maskOf(['0110', '1101', '1111']));
  const valid = bools({ shape: [3, 4, 1], data: [0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1] });
  const x = floats(random(96, [3, 4, 2]));
  for (const options of [{ returnSequences: true }, { reverse: true }] as const) {
    const [zeros, nans] = [0, NaN].map((hidden) =>
      grad((given: { params: Tree; x: Floats }) =>
        sum(drive(cell, given.params, given.x, { ...options, mask }).outputs),
      )({ params, x: where(valid, x, hidden) }),
    ) as [{ params: Tree; x: Floats }, { params: Tree; x: Floats }];
    const [expected, found] = [leaves(zeros), leaves(nans)] as [Floats[], Floats[]];
    found.forEach((g, i) => void equal(t, g, expected[i]!));
    void t.close(where(valid, 0, nans.x), { shape: [3, 4, 2], data: new Float64Array(24) });
  }
}

const hidden = (library: CellFactories): Record<string, CaseEntry> =>
  Object.fromEntries(
    Object.entries(made).map(([name, make]) => [
      `${name}/gradients-behind-a-mask`,
      (t: Testing): void => behindAMask(t, make(), library),
    ]),
  );

/** One step of a linear minimal gated cell with dropout of a state of ones: U has a diagonal for each product, b opens the gate. */
function minimalOnes(
  library: CellFactories,
  backend: Backend,
  [gate, candidate]: readonly [number, number],
  open: number,
): number[] {
  const { floats } = on(backend);
  const units = 16;
  const linear = { activation: null, recurrentActivation: null } as const;
  const cell = library.minimalGatedCell({ units, ...linear, recurrentDropout: 0.5, seed: 4 });
  const wide = (rows: number, f: (i: number, j: number) => number): Floats =>
    floats(Array.from({ length: rows }, (_, i) => Array.from({ length: 2 * units }, (__, j) => f(i, j))));
  const params = {
    kernel: wide(1, () => 0),
    recurrentKernel: wide(units, (i, j) => (i !== j % units ? 0 : j < units ? gate : candidate)),
    bias: floats(Array.from({ length: 2 * units }, (_, j) => (j < units ? open : 0))),
  };
  const h = floats([Array.from({ length: units }, () => 1)]);
  const { outputs } = rnn(cell, params, floats([[[0]]]), { training: true, initialState: { h } });
  return Array.from(outputs.dataSync());
}

const options = (library: CellFactories): Record<string, CaseEntry> => ({
  // Not the default: null, as Keras's None, is no activation.
  'activation-null': (t) => {
    const x = on(t.backend).floats(random(97, [2, 3, 2]));
    const [linear, none] = (['linear', null] as const).map((activation) => library.lstmCell({ units: 3, activation }));
    const params = linear!.init(2, { backend: t.backend });
    void equal(t, rnn(none!, params, x).outputs, rnn(linear!, params, x).outputs);
    const gates = (['linear', null] as const).map((recurrentActivation) =>
      library.gruCell({ units: 3, recurrentActivation }),
    );
    const own = gates[0]!.init(2, { backend: t.backend });
    void equal(t, rnn(gates[1]!, own, x).outputs, rnn(gates[0]!, own, x).outputs);
  },
  // Read off the outputs: with f = h·1 and no candidate h becomes 1 − mask; with f = 1 and the candidate h·1, the other mask.
  'minimal/a-mask-for-each-product': {
    skip: (backend) => (backend.readSync === undefined ? `${backend.name} cannot be read at once` : undefined),
    run({ backend, same }) {
      const [ofGate, ofCandidate] = [
        minimalOnes(library, backend, [1, 0], 0),
        minimalOnes(library, backend, [0, 1], 1),
      ];
      // Masks are 0 or 2.
      void same(
        [...new Set(ofGate)].toSorted((a, b) => a - b),
        [-1, 1],
      );
      void same(
        [...new Set(ofCandidate)].toSorted((a, b) => a - b),
        [0, 2],
      );
      void same(
        ofGate.every((v, i) => 1 - v === ofCandidate[i]),
        false,
      );
    },
  },
  'stacked/draws': ({ same }) => {
    const [a, b] = [gruCell({ units: 2, dropout: 0.5 }), lstmCell({ units: 3, recurrentDropout: 0.5 })];
    void same(library.stackedRNNCells([a, b]).draws, a.draws + b.draws);
    void same(a.draws > 0 && b.draws > 0, true);
  },
  // The gate that forgets begins open, and only that one.
  'lstm/unit-forget-bias': ({ backend, close }) => {
    const biasOf = (more: { readonly unitForgetBias?: boolean }): Floats =>
      library.lstmCell({ units: 2, ...more }).init(3, { backend }).bias!;
    void close(biasOf({}), [0, 0, 1, 1, 0, 0, 0, 0]);
    void close(biasOf({ unitForgetBias: false }), [0, 0, 0, 0, 0, 0, 0, 0]);
  },
  // glorotUniform fills ±√(6/(F + 4u)) and no more; what is orthogonal has U·Uᵀ = 1.
  'lstm/initial-kernels': ({ backend, close }) => {
    const [F, u] = [24, 8];
    const { kernel, recurrentKernel } = library.lstmCell({ units: u }).init(F, { backend });
    const limit = Math.sqrt(6 / (F + 4 * u));
    const beyond = (share: number): Floats => sum(cast(greater(abs(kernel), share * limit), 'float32'));
    void close(beyond(1.001), 0);
    void close(cast(greater(beyond(0.9), 20), 'int32'), 1);
    const unit = { shape: [u, u], data: Array.from({ length: u * u }, (_, i) => (i % (u + 1) === 0 ? 1 : 0)) };
    // Drawn at 32 bits whatever the backend holds.
    const off = abs(sub(matmul(recurrentKernel, recurrentKernel, { transposeB: true }), on(backend).floats(unit)));
    void close(sum(cast(greater(off, 1 / 64), 'float32')), 0);
  },
});

/** All of them; a broken library may take the place of ours. */
export const relationCases = (library: Partial<CellFactories> = {}): Case[] => {
  const all = { ...ours, ...library };
  return defineCases('cells', { ...options(all), ...hidden(all) });
};
