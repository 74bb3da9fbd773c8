/** Libraries of cells and attention with one wrong gradient each; every output is right. */
import {
  concat,
  div,
  expandDims,
  mul,
  softplus,
  split,
  square,
  stopGradient,
  sub,
  where,
  type Tensor,
} from '@recurra/core';
import type { Named } from '../../src/cases/cells.js';
import { ourTraining } from '../../src/cases/training/library.js';
import { gradientOf, type Floats } from './gradient-of.js';
import {
  backAs,
  each,
  firstRow,
  gates,
  held,
  ofActivation,
  ofAttention,
  ofDriver,
  ofParams,
  only,
  turned,
  type TrainingMutant,
} from './wrong-way-back.js';

const lstm = 'lstmCell';
const gru = 'gruCell';
const simple = 'simpleRNNCell';

export const brokenTraining: readonly TrainingMutant[] = [
  ofParams('simpleRNN: of the recurrent kernel transposed', 'training/gradients/simple-rnn/sequences', simple, (p) =>
    only(p, 'recurrentKernel', turned),
  ),
  ofParams('simpleRNN: none for the bias', 'training/gradients/simple-rnn/sequences', simple, (p) =>
    only(p, 'bias', (b) => stopGradient(b)),
  ),
  ofParams('lstm: i and f swapped', 'training/gradients/lstm/sequences', lstm, (p) =>
    each(p, (x) => gates(x, [1, 0, 2, 3])),
  ),
  ofParams('lstm: c and o swapped, in the bias alone', 'training/gradients/lstm/sequences', lstm, (p) =>
    only(p, 'bias', (b) => gates(b, [0, 1, 3, 2])),
  ),
  ofParams('lstm: the sign of o', 'training/gradients/lstm/sequences', lstm, (p) =>
    only(p, 'kernel', (x) => gates(x, [0, 1, 2, 3], [1, 1, 1, -1])),
  ),
  ofParams('lstm: of the recurrent kernel transposed', 'training/gradients/lstm/sequences', lstm, (p) =>
    only(p, 'recurrentKernel', turned),
  ),
  ofParams('gru: z and r swapped', 'training/gradients/gru/sequences', gru, (p) => each(p, (x) => gates(x, [1, 0, 2]))),
  ofParams('gru: none for the candidate, in the recurrent kernel', 'training/gradients/gru/sequences', gru, (p) =>
    only(p, 'recurrentKernel', (x) => gates(x, [0, 1, 2], [1, 1, 0])),
  ),
  ofParams("gru: the recurrent bias gets the input's", 'training/gradients/gru/sequences', gru, (p) =>
    p['bias']?.rank === 2 ? only(p, 'bias', firstRow) : p,
  ),
  ofDriver('none for the initial state', 'training/gradients/simple-rnn/sequences-initial-state', (cell, p, x, how) =>
    ourTraining.rnn(cell, p, x, how.initialState ? { ...how, initialState: held(how.initialState) } : how),
  ),
  ofDriver('none for the initial c', 'training/gradients/lstm/sequences-initial-state', (cell, p, x, how) => {
    const state = how.initialState as Named | undefined;
    if (state?.['c'] === undefined) return ourTraining.rnn(cell, p, x, how);
    return ourTraining.rnn(cell, p, x, { ...how, initialState: { ...state, c: stopGradient(state['c']) } });
  }),
  ofDriver('none for the input', 'training/gradients/simple-rnn/sequences', (cell, p, x, how) =>
    ourTraining.rnn(cell, p, stopGradient(x), how),
  ),
  ofDriver(
    'the mask is forgotten on the way back',
    'training/gradients/simple-rnn/sequences-masked',
    backAs((how) => ({ ...how, mask: null })),
  ),
  ofDriver(
    'reversed time is walked forwards on the way back',
    'training/gradients/simple-rnn/reverse',
    backAs((how) => ({ ...how, reverse: false })),
  ),
  ofDriver(
    'what a repeated output gets is dropped',
    'training/gradients/simple-rnn/sequences-masked',
    (cell, p, x, how) => {
      const made = ourTraining.rnn(cell, p, x, how);
      if (!how.mask || !how.returnSequences) return made;
      const valid = expandDims(how.mask as Tensor<'bool'>, -1);
      return { ...made, outputs: where(valid, made.outputs, stopGradient(made.outputs)) };
    },
  ),
  ofDriver('the last state has none', 'training/gradients/simple-rnn/sequences', (cell, p, x, how) => {
    const made = ourTraining.rnn(cell, p, x, how);
    return { ...made, state: held(made.state) };
  }),
  ofActivation('tanh: 1 − x² for 1 − y²', 'training/gradients/simple-rnn/sequences', 'activation', 'tanh', (x) =>
    sub(x, div(mul(square(x), x), 3)),
  ),
  ofActivation(
    'sigmoid: y for y(1 − y)',
    'training/gradients/lstm/sequences',
    'recurrentActivation',
    'sigmoid',
    softplus,
  ),
  ofActivation('relu: leaks below 0', 'training/gradients/lstm/relu-hard-sigmoid', 'activation', 'relu', (x) =>
    mul(x, 1),
  ),
  ofActivation(
    'hardSigmoid: passes beyond its ends',
    'training/gradients/lstm/relu-hard-sigmoid',
    'recurrentActivation',
    'hardSigmoid',
    (x) => div(x, 6),
  ),
  {
    name: 'bidirectional: none for the way back in time',
    caughtBy: 'training/gradients/simple-rnn/bidirectional-concat-masked',
    make: () => ({
      ...ourTraining,
      bidirectional: ({ forward, backward: [cell, params] }, x, options) =>
        ourTraining.bidirectional({ forward, backward: [cell, held(params)] }, x, options),
    }),
  },
  {
    name: 'bidirectional: the halves are swapped',
    caughtBy: 'training/gradients/simple-rnn/bidirectional-concat-masked',
    make: () => ({
      ...ourTraining,
      bidirectional(layers, x, options) {
        const made = ourTraining.bidirectional(layers, x, options);
        if (options.mergeMode !== 'concat') return made;
        const outputs = made.outputs as Floats;
        const halves = split(outputs, 2, -1);
        return { ...made, outputs: gradientOf(outputs, concat([halves[1]!, halves[0]!], outputs.rank - 1)) };
      },
    }),
  },
  ofAttention('attention: none for the query', 'training/gradients/attention/dot-scale', (p, [q, ...rest]) => [
    p,
    [stopGradient(q!), ...rest],
  ]),
  ofAttention(
    'attention: none through the key, where it is the value too',
    'training/gradients/attention/dot-scale',
    (p, [q, v, k]) => [p, [q!, v!, k ?? stopGradient(v!)]],
  ),
  ofAttention('attention: none for the scale', 'training/gradients/attention/dot-scale', (p, inputs) => [
    held(p) as Named,
    inputs,
  ]),
  ofAttention('attention: none through the weights', 'training/gradients/attention/dot-scale', (p, [q, v, k]) => [
    p,
    [stopGradient(q!), v!, stopGradient(k ?? v!)],
  ]),
  ofAttention(
    'attention: key and value swapped on the way back',
    'training/gradients/attention/dot-scale-own-key',
    (p, [q, v, k]) => (k ? [p, [q!, gradientOf(v!, k), gradientOf(k, v!)]] : [p, [q!, v!]]),
  ),
];
