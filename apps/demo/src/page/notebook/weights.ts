/** The cells of the notebook with the weights, the input and the outputs that Keras gave: ../../../data. */
import type { Floats } from '@recurra/cells';
import notebook from '../../../data/notebook.json' with { type: 'json' };
import verdicts from '../../../data/verdicts.json' with { type: 'json' };
import type { Golden } from '../../golden.js';
import { batch, type CellName } from './sizes.js';

/** The letters of the equations. */
export interface Weights {
  readonly W: Floats;
  readonly U: Floats;
  readonly b: Floats;
  /** The bias on the state's side: the GRU's. */
  readonly b_: Floats;
}
export interface State {
  readonly h: Floats;
  readonly c: Floats;
}

export interface KerasCell {
  readonly W: Golden;
  readonly U: Golden;
  /** Empty: the notebook's SimpleRNN has none. */
  readonly bias: Golden | null;
  /** [B, T, units]; the batch is that of x. */
  readonly output: Golden;
}

export function kerasCell(name: CellName): KerasCell {
  if (name === 'SimpleRNN') {
    const { kernel, recurrentKernel, output } = notebook;
    return { W: kernel, U: recurrentKernel, bias: null, output: firstRows(output, batch) };
  }
  const cell = verdicts.cells[name === 'LSTM' ? 0 : 1]!;
  const [W, U, bias] = cell.weights as readonly Golden[] as [Golden, Golden, Golden];
  return { W, U, bias, output: cell.output };
}

/** [batch, steps, features] */
export const input: Golden = firstRows(notebook.input, batch);

function firstRows({ shape, data }: Golden, rows: number): Golden {
  return { shape: [rows, ...shape.slice(1)], data: data.slice(0, (data.length / shape[0]!) * rows) };
}
