/**
 * Gradients of whole layers are Keras's: masks, initial states, reversed time, both directions, both GRUs, attention. L is
 * Σ outputs·cotangent. How the numbers were made: vectors/make-gradients.py.
 */
import { add, mul, sum, valueAndGrad, type Backend } from '@recurra/core';
import type { CaseEntry, Numbers, Testing } from '../../case.js';
import { maskOf, type ByName, type CellName, type CellOptions } from '../../vectors.js';
import gradientsJson from '../../vectors/training-gradients.json';
import { closeTrees } from '../attention-heads.js';
import { named, type Named } from '../cells.js';
import { on, type Floats } from '../on.js';
import type { TrainingLibrary } from './library.js';

interface Vector {
  readonly id: string;
  readonly options: CellOptions;
  readonly mask?: readonly string[];
  readonly cotangents: ByName;
  readonly expected: ByName;
  readonly gradients: object;
}
export interface CellsVector extends Vector {
  readonly cell: CellName;
  readonly reverse: boolean;
  readonly returnSequences: boolean;
  readonly mergeMode?: 'concat' | 'sum';
  readonly x: Numbers;
  /** One, or one for each direction. */
  readonly params: readonly ByName[];
  readonly state?: readonly ByName[];
}
interface AttentionVector extends Vector {
  readonly layer: 'Attention' | 'AdditiveAttention';
  readonly causal: boolean;
  readonly params: ByName;
  readonly query: Numbers;
  readonly value: Numbers;
  readonly key?: Numbers;
}
export const vectors = gradientsJson as unknown as {
  readonly cells: readonly CellsVector[];
  readonly attention: readonly AttentionVector[];
};

export function gradientEntries(library: TrainingLibrary): Record<string, CaseEntry> {
  const entries: Record<string, CaseEntry> = {};
  for (const vector of vectors.cells) {
    entries[`gradients/${vector.id}`] = { skip: coarse, run: (t) => ofCells(t, library, vector) };
  }
  for (const vector of vectors.attention) {
    entries[`gradients/attention/${vector.id}`] = { skip: coarse, run: (t) => ofAttention(t, library, vector) };
  }
  return entries;
}

/** The gradients of cells over 1/64ths, which 16 bits hold, are cases of the cells. */
const coarse = ({ name, precision }: Backend): string | undefined =>
  precision === 16 ? `${name} holds 16 bits: the inputs of these vectors have 24` : undefined;

/** The vectors are float32 numbers, written as short as they can be. */
const single = ({ shape, data }: Numbers): Numbers => ({ shape, data: Array.from(data, Math.fround) });
const singles = (numbers: ByName): ByName =>
  Object.fromEntries(Object.entries(numbers).map(([name, one]) => [name, single(one)]));

type Cells = { readonly x: Floats; readonly params: readonly Named[]; readonly state?: readonly Named[] };

function ofCells(t: Testing, library: TrainingLibrary, vector: CellsVector): void {
  const { backend } = t;
  const { floats, bools } = on(backend);
  const { params, state, options, mergeMode } = vector;
  const cell = library.cell(vector.cell, options);
  const mask = vector.mask ? bools(maskOf(vector.mask)) : null;
  const run = (given: Cells): Named => {
    const [first, second] = given.params as [Named, Named];
    const how = { mask, returnSequences: vector.returnSequences };
    if (mergeMode === undefined) {
      const initialState = given.state && { initialState: given.state[0]! };
      const made = library.rnn(cell, first, given.x, { ...how, reverse: vector.reverse, ...initialState });
      return { outputs: made.outputs, ...(made.state as Named) };
    }
    const layers = { forward: [cell, first], backward: [cell, second] } as const;
    const [forward, backward] = (given.state ?? []) as [Named, Named];
    const initialState = given.state && { initialState: { forward, backward } };
    return {
      outputs: library.bidirectional(layers, given.x, { ...how, mergeMode, ...initialState }).outputs as Floats,
    };
  };
  check(t, vector, run, {
    x: floats(single(vector.x)),
    params: params.map((one) => named(singles(one), backend)),
    ...(state && { state: state.map((one) => named(singles(one), backend)) }),
  });
}

type Attention = { readonly query: Floats; readonly value: Floats; readonly key?: Floats; readonly params: Named };

function ofAttention(t: Testing, library: TrainingLibrary, vector: AttentionVector): void {
  const { floats, bools } = on(t.backend);
  const make = vector.layer === 'Attention' ? library.kerasAttention : library.kerasAdditiveAttention;
  const layer = make(vector.options as object);
  const mask = vector.mask && { mask: [null, bools(maskOf(vector.mask))] as const };
  const call = { useCausalMask: vector.causal, ...mask };
  const run = ({ query, value, key, params }: Attention): Named => ({
    outputs: layer(params as never, key ? [query, value, key] : [query, value], call).outputs,
  });
  check(t, vector, run, {
    query: floats(single(vector.query)),
    value: floats(single(vector.value)),
    ...(vector.key && { key: floats(single(vector.key)) }),
    params: named(singles(vector.params), t.backend),
  });
}

function check<I extends Cells | Attention>(t: Testing, vector: Vector, run: (given: I) => Named, inputs: I): void {
  const cotangents = named(singles(vector.cotangents), t.backend);
  const loss = (given: I): Floats => {
    const made = run(given);
    return Object.entries(cotangents)
      .map(([name, g]) => sum(mul(made[name]!, g)))
      .reduce((total, term) => add(total, term));
  };
  const made = run(inputs);
  for (const [name, expected] of Object.entries(vector.expected)) void t.close(made[name]!, expected);
  const [, grads] = valueAndGrad(loss as (given: never) => Floats)(inputs as never);
  closeTrees(t.close, grads, vector.gradients);
}
