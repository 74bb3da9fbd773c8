/** How libraries of cells and attention are broken: every output is right, and one gradient is not. */
import {
  add,
  concat,
  hardSigmoid,
  leaves,
  mapTree,
  mul,
  relu,
  sigmoid,
  slice,
  split,
  stopGradient,
  tanh,
  transpose,
  type Tree,
} from '@recurra/core';
import type { KerasAttentionCall } from '@recurra/attention';
import type { Named } from '../../src/cases/cells.js';
import { ourTraining, type TrainingLibrary } from '../../src/cases/training/library.js';
import { gradientOf, type Floats } from './gradient-of.js';
import type { Mutant } from './mutant.js';

export type TrainingMutant = Mutant<() => TrainingLibrary>;
type Run = TrainingLibrary['rnn'];
type Options = Parameters<Run>[3];
/** One kind of tensor is enough here; the types of all trees are too many. */
const mapped = mapTree as unknown as (tree: Tree, f: (x: Floats) => Floats) => Tree;
export const held = (tree: Tree): Tree => mapped(tree, (x) => stopGradient(x));

/** Cells of one kind, given parameters whose gradients go astray. */
export const ofParams = (
  name: string,
  caughtBy: string,
  kind: string,
  change: (params: Named) => Named,
): TrainingMutant => ({
  name,
  caughtBy,
  make: () => ({
    ...ourTraining,
    rnn: (cell, params, x, options) =>
      ourTraining.rnn(cell, cell.name === kind ? change(params as Named) : params, x, options),
  }),
});

/** A driver that does not run as it should when it goes back. */
export const ofDriver = (name: string, caughtBy: string, rnn: Run): TrainingMutant => ({
  name,
  caughtBy,
  make: () => ({ ...ourTraining, rnn }),
});

/** Outputs and state of one run with the gradients of another. */
export const backAs =
  (other: (options: Options) => Options): Run =>
  (cell, params, x, options) => {
    const right = ourTraining.rnn(cell, params, x, options);
    const wrong = leaves(ourTraining.rnn(cell, params, x, other(options)).state) as Floats[];
    const outputs = ourTraining.rnn(cell, params, x, other(options)).outputs;
    let i = 0;
    return {
      outputs: gradientOf(right.outputs, outputs),
      state: mapped(right.state, (s) => gradientOf(s, wrong[i++]!)),
    };
  };

/** Cells with an activation whose value is right and whose gradient is another one's. */
export const ofActivation = (
  name: string,
  caughtBy: string,
  role: 'activation' | 'recurrentActivation',
  of: string,
  gradient: (x: Floats) => Floats,
): TrainingMutant => {
  const values = { tanh, sigmoid, relu, hardSigmoid } as Readonly<Record<string, (x: Floats) => Floats>>;
  const usual = { activation: 'tanh', recurrentActivation: 'sigmoid' }[role];
  const own = (x: Floats): Floats => gradientOf(values[of]!(x), gradient(x));
  return {
    name,
    caughtBy,
    make: () => ({
      ...ourTraining,
      cell: (kind, options) =>
        (options[role] ?? usual) === of && (role === 'activation' || kind !== 'simpleRnn')
          ? ourTraining.cell(kind, { ...options, [role]: own })
          : ourTraining.cell(kind, options),
    }),
  };
};

/** Keras's attention, with its arguments changed on their way in. */
export const ofAttention = (
  name: string,
  caughtBy: string,
  change: (params: Named, inputs: Floats[], call: KerasAttentionCall) => [Named, Floats[]],
): TrainingMutant => ({
  name,
  caughtBy,
  make: () => ({
    ...ourTraining,
    kerasAttention: ((options: object) => {
      const layer = ourTraining.kerasAttention(options);
      return (params: Named, inputs: Floats[], call: KerasAttentionCall) => {
        const [p, given] = change(params, inputs, call);
        return layer(p as never, given as never, call);
      };
    }) as unknown as TrainingLibrary['kerasAttention'],
  }),
});

/** Kernels in blocks of their last axis, one for each gate: the gradient of block i comes from block order[i]. */
export const gates = (p: Floats, order: readonly number[], signs = order.map(() => 1)): Floats => {
  const blocks = split(p, order.length, -1);
  return gradientOf(
    p,
    concat(
      order.map((from, i) => mul(blocks[from]!, signs[i]!)),
      p.rank - 1,
    ),
  );
};
export const each = (params: Named, f: (p: Floats) => Floats): Named =>
  Object.fromEntries(Object.entries(params).map(([name, p]) => [name, f(p)]));
export const only = (params: Named, name: string, f: (p: Floats) => Floats): Named =>
  params[name] === undefined ? params : { ...params, [name]: f(params[name]) };
/** Each gate's block as if it were its transpose. */
export const turned = (U: Floats): Floats =>
  gradientOf(
    U,
    concat(
      split(U, U.shape[1]! / U.shape[0]!, -1).map((block) => transpose(block)),
      1,
    ),
  );
/** The gradient of the second row of a bias that has two, given to the first. */
export const firstRow = (bias: Floats): Floats => {
  const [input, state] = [slice(bias, [0], [1]), slice(bias, [1], [1])];
  return gradientOf(bias, concat([add(input, state), mul(input, 0)], 0));
};
