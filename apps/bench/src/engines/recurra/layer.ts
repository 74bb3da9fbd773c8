/** The cell of a case and its parameters. */
import { gruCell, lstmCell, simpleRNNCell, type Cell } from '@recurra/cells';
import { tensor, type Tensor, type Tree } from '@recurra/core';
import type { RecurrentCase } from '../../cases.js';
import { numbersFor, type Numbers } from '../../numbers.js';

/** Keras's layout, which is the same for the three cells. */
export type Weights = {
  readonly kernel: Tensor<'float32'>;
  readonly recurrentKernel: Tensor<'float32'>;
  readonly bias: Tensor<'float32'>;
};

/** The three cells have parameters of one form, but are types of their own. */
type AnyCell = Cell<Weights, Tree>;

export function cellOf({ cell, units }: Pick<RecurrentCase, 'cell' | 'units'>): AnyCell {
  const make = {
    SimpleRNN: () => simpleRNNCell({ units }),
    LSTM: () => lstmCell({ units }),
    GRU: () => gruCell({ units }),
    'GRU reset before': () => gruCell({ units, resetAfter: false }),
  };
  return make[cell]() as unknown as AnyCell;
}

export function floats(numbers: Numbers, role: string, shape: readonly number[]): Tensor<'float32'> {
  return tensor(numbersFor(numbers, role), shape, { dtype: 'float32' });
}

export function weightsOf(
  { cell, inputs, units }: Pick<RecurrentCase, 'cell' | 'inputs' | 'units'>,
  numbers: Numbers,
): Weights {
  const columns = numbersFor(numbers, 'recurrentKernel').length / units;
  return {
    kernel: floats(numbers, 'kernel', [inputs, columns]),
    recurrentKernel: floats(numbers, 'recurrentKernel', [units, columns]),
    bias: floats(numbers, 'bias', cell === 'GRU' ? [2, columns] : [columns]),
  };
}
