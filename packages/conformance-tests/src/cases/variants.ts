/**
 * Variants of cells give the numbers of their equations: PyTorch's, Keras's or onnxruntime's wherever one of them has the
 * variant. As in cells.ts, the cases are made for a library, so that the suite can be shown broken ones.
 *
 * The vectors are made by packages/cells/test/variants/make-goldens.py.
 */
import {
  coupledLSTMCell,
  gruCell,
  layerNormLSTMCell,
  lstmCell,
  minimalGatedCell,
  peepholeLSTMCell,
  projectedLSTMCell,
  residual,
  rnn,
  zoneout,
  type RNNOptions,
  type RNNResult,
  type ZoneoutOptions,
} from '@recurra/cells';
import { add, mul, slice, sum, valueAndGrad, type Backend } from '@recurra/core';
import { defineCases, type Case, type CaseEntry, type Numbers, type Testing } from '../case.js';
import type { ByName } from '../vectors.js';
import variantsJson from '../vectors/variants.json';
import { equal, named, type AnyCell, type Named } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

/** What the cases need: the variants by short names, the wrappers, and the driver. */
export interface VariantLibrary {
  cell(name: VariantName, options: Options): AnyCell;
  zoneout(cell: AnyCell, options: ZoneoutOptions<Named>): AnyCell;
  residual(cell: AnyCell): AnyCell;
  rnn(cell: AnyCell, params: Named, x: Floats, options: RNNOptions<Named>): RNNResult<Named>;
}
export type VariantName = keyof typeof factories;
type Options = Readonly<Record<string, unknown>>;

const factories = {
  peephole: peepholeLSTMCell,
  projected: projectedLSTMCell,
  layerNorm: layerNormLSTMCell,
  coupled: coupledLSTMCell,
  minimal: minimalGatedCell,
  lstm: lstmCell,
  gru: gruCell,
};

/** Those of @recurra/cells. */
export const ourVariants: VariantLibrary = {
  cell: (name, options) => (factories[name] as unknown as (options: Options) => AnyCell)(options),
  zoneout,
  residual,
  rnn: (cell, params, x, options) => rnn(cell, params, x, options),
};

interface Vector {
  readonly id: string;
  readonly cell: VariantName;
  readonly options: Options;
  readonly wrapper?:
    { readonly name: 'zoneout'; readonly options: ZoneoutOptions<Named> } | { readonly name: 'residual' };
  readonly how: {
    readonly reverse: boolean;
    readonly returnSequences: boolean;
    readonly zeroOutputForMask: boolean;
    readonly dropoutCounter: number | null;
  };
  readonly mask: readonly (readonly number[])[] | null;
  readonly params: ByName;
  readonly x: Numbers;
  readonly initialState: ByName;
  readonly outputs: Numbers;
  readonly state: ByName;
  /** Of a vector whose gradients are asked for: ∂L/∂outputs and ∂L/∂state. */
  readonly cotangents?: ByName;
  readonly gradients?: ByName;
}
const vectors = variantsJson.cases as unknown as readonly Vector[];

export function variantCases(library: VariantLibrary = ourVariants): Case[] {
  const entries: Record<string, CaseEntry> = {};
  for (const vector of vectors) {
    entries[vector.id] = (t) => (vector.gradients ? backward(t, library, vector) : forward(t, library, vector));
  }
  for (const vector of vectors.filter(({ id }) => id.endsWith('/sequence'))) {
    Object.assign(entries, relations(vector.id.replace(/\/sequence$/, ''), library, vector));
  }
  return defineCases('cells', { ...entries, ...wrapped(library) });
}

function cellOf(library: VariantLibrary, { cell, options, wrapper }: Vector): AnyCell {
  const made = library.cell(cell, options);
  if (wrapper?.name === 'zoneout') return library.zoneout(made, wrapper.options);
  return wrapper?.name === 'residual' ? library.residual(made) : made;
}

function inputsOf({ params, x, initialState, mask, how }: Vector, backend: Backend) {
  const { floats, bools } = on(backend);
  // What is masked must not matter, so it is NaN.
  const data = Array.from(x.data);
  const features = x.shape[2]!;
  mask?.flat().forEach((valid, step) => valid === 0 && data.fill(NaN, step * features, (step + 1) * features));
  const { dropoutCounter, ...switches } = how;
  const options: RNNOptions<Named> = {
    ...switches,
    ...(dropoutCounter !== null && { training: true, dropoutCounter }),
    mask: mask && bools({ shape: [mask.length, mask[0]!.length], data: mask.flat() }),
  };
  const given = {
    params: named(params, backend),
    x: floats({ shape: x.shape, data }),
    state: named(initialState, backend),
  };
  return { given, options };
}

function forward({ backend, close }: Testing, library: VariantLibrary, vector: Vector): void {
  const { given, options } = inputsOf(vector, backend);
  const { outputs, state } = library.rnn(cellOf(library, vector), given.params, given.x, {
    ...options,
    initialState: given.state,
  });
  void close(outputs, vector.outputs);
  for (const [name, expected] of Object.entries(vector.state)) void close(state[name]!, expected);
}

/** L = Σ outputs·g + Σ state·g′, differentiated by everything that goes in. */
function backward({ backend, close }: Testing, library: VariantLibrary, vector: Vector): void {
  const { given, options } = inputsOf(vector, backend);
  const cell = cellOf(library, vector);
  const cotangents = named(vector.cotangents!, backend);
  const [, grads] = valueAndGrad(({ params, x, state: initialState }: typeof given) => {
    const { outputs, state } = library.rnn(cell, params, x, { ...options, initialState });
    return Object.entries(state).reduce(
      (total, [name, s]) => add(total, sum(mul(s, cotangents[name]!))),
      sum(mul(outputs, cotangents['outputs']!)),
    );
  })(given);
  const found: Named = { ...grads.params, ...grads.state, x: grads.x };
  for (const [name, expected] of Object.entries(vector.gradients!)) void close(found[name]!, expected);
}

/** What must hold whatever the numbers are. */
function relations(label: string, library: VariantLibrary, vector: Vector): Record<string, CaseEntry> {
  return {
    [`${label}/state-passed-on`]: (t) => {
      const cell = cellOf(library, vector);
      const params = named(vector.params, t.backend);
      const x = on(t.backend).floats(random(91, [2, 5, vector.x.shape[2]!]));
      const whole = library.rnn(cell, params, x, { returnSequences: true });
      const first = library.rnn(cell, params, slice(x, [0, 0], [-1, 2]), { returnSequences: true });
      const second = library.rnn(cell, params, slice(x, [0, 2]), { returnSequences: true, initialState: first.state });
      void equal(t, slice(whole.outputs, [0, 2]), second.outputs);
      for (const name of Object.keys(whole.state)) void equal(t, whole.state[name]!, second.state[name]!);
    },
    [`${label}/init`]: ({ backend, same }) => {
      const cell = cellOf(library, vector);
      const features = vector.x.shape[2]!;
      const params = cell.init(features, { backend });
      const shapes = (all: Readonly<Record<string, { readonly shape: readonly number[] }>>) =>
        Object.entries(all).map(([name, p]) => [name, ...p.shape]);
      void same(shapes(params), shapes(vector.params));
      void same(shapes(cell.initialState(params, 2)), shapes(vector.initialState));
      void same(cell.inputs(params), features);
      void same(cell.units, vector.outputs.shape.at(-1));
    },
  };
}

/** What wrappers add: masks that can be repeated, a sum that has to be possible. */
function wrapped(library: VariantLibrary): Record<string, CaseEntry> {
  return {
    'zoneout/same-call-same-masks': ({ backend, same }) => {
      const cell = library.zoneout(library.cell('gru', { units: 3 }), { rates: { h: 0.4 }, seed: 5 });
      const params = cell.init(2, { backend });
      const x = on(backend).floats(random(92, [2, 3, 2]));
      const run = (options: RNNOptions<Named>): Floats => library.rnn(cell, params, x, options).outputs;
      void same(run({ training: true, dropoutCounter: 3 }), run({ training: true, dropoutCounter: 3 }));
      void same(run({}), run({ dropoutCounter: 3 }));
      void same(cell.draws, 1);
    },
    // Nothing stays: the cell as it was. Everything stays: the state it began with, whatever comes.
    'zoneout/always-and-never': (t) => {
      const cell = (rate: number): AnyCell =>
        library.zoneout(library.cell('gru', { units: 3 }), { rates: { h: rate }, seed: 5 });
      const params = cell(0).init(2, { backend: t.backend });
      const x = on(t.backend).floats(random(93, [2, 3, 2]));
      const initialState = { h: on(t.backend).floats(random(94, [2, 3])) };
      for (const training of [false, true]) {
        const plain = library.rnn(library.cell('gru', { units: 3 }), params, x, { initialState });
        void equal(t, library.rnn(cell(0), params, x, { initialState, training }).outputs, plain.outputs);
        void t.same(library.rnn(cell(1), params, x, { initialState, training }).outputs, initialState.h);
      }
    },
    'residual/features-must-fit': ({ backend, throws }) => {
      const inner = library.cell('gru', { units: 3 });
      const params = inner.init(2, { backend });
      const x = on(backend).floats(random(95, [1, 2, 2]));
      void throws('SHAPE', () => library.rnn(library.residual(inner), params, x, {}));
      void throws('SHAPE', () => library.residual(inner).init(2, { backend }));
    },
  };
}
