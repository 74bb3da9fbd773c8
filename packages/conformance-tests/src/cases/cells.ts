/**
 * Cells over time give Keras's numbers, and PyTorch's: every option, every mask, gradients too. The cases are made for a
 * library of cells, so that the suite can be shown broken ones and must catch them.
 */
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell, type RNNOptions, type RNNResult } from '@recurra/cells';
import { add, cast, expandDims, mul, slice, sum, tanh, valueAndGrad, type Backend, type Tensor } from '@recurra/core';
import { defineCases, type Case, type CaseEntry, type Testing } from '../case.js';
import {
  kerasCells,
  maskOf,
  torchCells,
  type ByName,
  type CellGroup,
  type CellName,
  type CellOptions,
  type CellRun,
  type TorchGroup,
} from '../vectors.js';
import { on, type Bools, type Floats } from './on.js';
import { random } from './random.js';

/** What the cases need of a library of cells: the factories by Keras's names, and the driver. */
export interface CellLibrary {
  cell(name: CellName, options: CellOptions): AnyCell;
  rnn(cell: AnyCell, params: Named, x: Floats, options: RNNOptions<Named>): RNNResult<Named>;
}
export type { Floats };
export type AnyCell = Cell<Named, Named>;
/** Parameters or a state. */
export type Named = Readonly<Record<string, Floats>>;

const factories = { simpleRnn: simpleRNNCell, lstm: lstmCell, gru: gruCell };

/** The cells of @recurra/cells. */
export const ourCells: CellLibrary = {
  cell: (name, options) => (factories[name] as unknown as (options: CellOptions) => AnyCell)(options),
  rnn: (cell, params, x, options) => rnn(cell, params, x, options),
};

export function cellCases(library: CellLibrary = ourCells): Case[] {
  const entries: Record<string, CaseEntry> = {};
  for (const [label, groups] of Object.entries(kerasCells)) {
    for (const group of groups) {
      // One case for the grid: every combination of options on one input, less readable than the cases before it.
      if (group.id === 'grid')
        entries[`${label}/grid`] = (t) => group.runs.forEach((run) => forward(t, library, group, run));
      else for (const run of group.runs) entries[`${label}/${run.id}`] = (t) => oneRun(t, library, group, run);
    }
    Object.assign(entries, relations(label, library, groups[0]!));
    if (torchCells[label]) Object.assign(entries, torch(label, library, torchCells[label]));
  }
  return defineCases('cells', entries);
}

function oneRun(t: Testing, library: CellLibrary, group: CellGroup, run: CellRun): void {
  if (run.gradients === undefined) forward(t, library, group, run);
  else backward(t, library, group, run);
}

function forward({ backend, close }: Testing, library: CellLibrary, group: CellGroup, run: CellRun): void {
  const { floats } = on(backend);
  const cell = library.cell(group.cell, group.options);
  // What is masked must not matter, so it is NaN.
  const data = Array.from(group.x.data);
  if (run.mask) hideMasked(data, group.x.shape as [number, number, number], run.mask);
  const x = floats({ shape: group.x.shape, data });
  const { outputs, state } = library.rnn(cell, named(group.params, backend), x, optionsOf(group, run, backend));
  void close(outputs, run.outputs!);
  for (const [name, expected] of Object.entries(run.state!)) void close(state[name]!, expected);
}

/** L = Σ outputs·g + Σ state·g′, differentiated by everything that goes in. */
function backward({ backend, close }: Testing, library: CellLibrary, group: CellGroup, run: CellRun): void {
  const { floats } = on(backend);
  const cell = library.cell(group.cell, group.options);
  const cotangents = named(run.cotangents!, backend);
  const { mask, ...options } = optionsOf(group, run, backend);
  const inputs = {
    params: named(group.params, backend),
    x: floats(group.x),
    state: named(group.initialState, backend),
  };
  const [, grads] = valueAndGrad((given: typeof inputs) => {
    const { outputs, state } = library.rnn(cell, given.params, given.x, {
      ...options,
      mask: mask!,
      initialState: given.state,
    });
    const terms = Object.entries(state).map(([name, s]) => sum(mul(s, cotangents[name]!)));
    return terms.reduce((total, term) => add(total, term), sum(mul(outputs, cotangents['outputs']!)));
  })(inputs);
  const found: Named = { ...grads.params, ...grads.state, x: grads.x };
  for (const [name, expected] of Object.entries(run.gradients!)) void close(found[name]!, expected);
}

/** What must hold between runs of one cell, whatever its numbers are. */
function relations(label: string, library: CellLibrary, group: CellGroup): Record<string, CaseEntry> {
  const [batch, time, features] = [3, 5, group.x.shape[2]!];
  const make = (backend: Backend): { cell: AnyCell; params: Named; x: Floats; run: CellLibrary['rnn'] } => ({
    cell: library.cell(group.cell, group.options),
    params: named(group.params, backend),
    x: on(backend).floats(random(71, [batch, time, features])),
    run: (cell, params, x, options) => library.rnn(cell, params, x, options),
  });
  const sameState = (t: Testing, a: Named, b: Named): void => {
    for (const name of Object.keys(a)) void equal(t, a[name]!, b[name]!);
  };
  return {
    [`${label}/state-passed-on`]: (t) => {
      const { cell, params, x, run } = make(t.backend);
      const whole = run(cell, params, x, { returnSequences: true });
      const first = run(cell, params, slice(x, [0, 0], [-1, 2]), { returnSequences: true });
      const second = run(cell, params, slice(x, [0, 2]), { returnSequences: true, initialState: first.state });
      void equal(t, slice(whole.outputs, [0, 0], [-1, 2]), first.outputs);
      void equal(t, slice(whole.outputs, [0, 2]), second.outputs);
      sameState(t, whole.state, second.state);
    },
    [`${label}/row-alone`]: (t) => {
      const { cell, params, x, run } = make(t.backend);
      const mask = on(t.backend).bools(maskOf(['11111', '01101', '11000']));
      const all = run(cell, params, x, { mask });
      const one = run(cell, params, slice(x, [1], [1]), { mask: slice(mask, [1], [1]) });
      void equal(t, slice(all.outputs, [1], [1]), one.outputs);
    },
    // Numbers count as valid unless 0, and an axis of length 1 at the end is accepted.
    [`${label}/masks-of-any-kind`]: (t) => {
      const { cell, params, x, run } = make(t.backend);
      const mask: Bools = on(t.backend).bools(maskOf(['01111', '01101', '11000']));
      const expected = run(cell, params, x, { mask, returnSequences: true }).outputs;
      for (const other of [mul(cast(mask, 'float32'), -2.5), cast(mask, 'int32'), expandDims(mask, -1)] as Tensor[]) {
        void equal(t, run(cell, params, x, { mask: other, returnSequences: true }).outputs, expected);
      }
    },
    // A function has no name to ask a fused kernel for, so this composes.
    [`${label}/activation-of-ones-own`]: (t) => {
      const { cell, params, x, run } = make(t.backend);
      const own = library.cell(group.cell, { ...group.options, activation: (z: Floats) => tanh(z) });
      void equal(
        t,
        run(own, params, x, { returnSequences: true }).outputs,
        run(cell, params, x, { returnSequences: true }).outputs,
      );
    },
    [`${label}/init`]: (t) => {
      const { cell, x, run } = make(t.backend);
      const params = cell.init(features, { backend: t.backend });
      void t.same(
        Object.entries(params).map(([name, p]) => [name, ...p.shape]),
        Object.entries(group.params).map(([name, p]) => [name, ...p.shape]),
      );
      void t.same([...run(cell, params, x, {}).outputs.shape], [batch, group.options.units]);
    },
  };
}

function torch(label: string, library: CellLibrary, group: TorchGroup): Record<string, CaseEntry> {
  const entries: Record<string, CaseEntry> = {};
  for (const run of group.runs) {
    entries[`${label}/${run.id}`] = ({ backend, close }) => {
      const cell = library.cell(group.cell, group.options);
      const options = { reverse: run.reverse, returnSequences: true, initialState: named(run.initialState, backend) };
      const { outputs, state } = library.rnn(cell, named(run.params, backend), on(backend).floats(group.x), options);
      void close(outputs, run.outputs);
      for (const [name, expected] of Object.entries(run.state)) void close(state[name]!, expected);
    };
    entries[`${label}/${run.id}-gradients`] = ({ backend, close }) => {
      const cell = library.cell(group.cell, group.options);
      const options = { reverse: run.reverse, returnSequences: true, initialState: named(run.initialState, backend) };
      const [x, g] = [on(backend).floats(group.x), on(backend).floats(run.cotangent)];
      const [, grads] = valueAndGrad((params: Named) => sum(mul(library.rnn(cell, params, x, options).outputs, g)))(
        named(run.params, backend),
      );
      for (const [name, expected] of Object.entries(run.gradients)) void close(grads[name]!, expected);
    };
  }
  return entries;
}

function optionsOf(group: CellGroup, run: CellRun, backend: Backend): RNNOptions<Named> {
  return {
    reverse: run.reverse,
    returnSequences: run.returnSequences,
    zeroOutputForMask: run.zeroOutputForMask,
    mask: run.mask ? on(backend).bools(maskOf(run.mask)) : null,
    ...(run.withInitialState && { initialState: named(group.initialState, backend) }),
  };
}

export function named(numbers: ByName, backend: Backend): Named {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, on(backend).floats(value)]));
}

export function hideMasked(
  data: number[] | Float64Array,
  [, time, features]: readonly [number, number, number],
  mask: readonly string[],
): void {
  mask.forEach((row, b) => {
    for (let t = 0; t < time; t++)
      if (row[t] === '0') data.fill(NaN, (b * time + t) * features, (b * time + t + 1) * features);
  });
}

/** Two results within the tolerance of each other; none of them is known. */
export function equal({ close }: Testing, a: Floats, b: Floats): Promise<void> {
  return close(add(a, mul(b, -1)), { shape: b.shape, data: Array.from({ length: b.size }, () => 0) });
}
