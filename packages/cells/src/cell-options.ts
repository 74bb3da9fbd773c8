/** The options that Keras's cells share, and what they make: initial parameters in Keras's layout. */
import { activation, ArgumentError, checkedCount, checkedFlag, checkOptions, initializer } from '@recurra/core';
import type { Activation, ActivationName, Initializer, InitializerName } from '@recurra/core';
import type { Floats } from './cell.js';
import { checkedSeed, dropoutOf, type Dropout, type DropoutOptions } from './dropout.js';

/** An activation by name, or a function of your own that keeps the shape; null is linear. */
export type ActivationOption = ActivationName | ((x: Floats) => Floats) | null;
/** An initializer by name, or a function of your own. */
export type InitializerOption = InitializerName | Initializer;

/** Options that all cells have. */
export interface CellOptions extends DropoutOptions {
  /** Features of the output. */
  readonly units: number;
  /** Default 'tanh'; null is linear. */
  readonly activation?: ActivationOption;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
  /** Default 'orthogonal'. */
  readonly recurrentInitializer?: InitializerOption;
  /** Default 'zeros'. */
  readonly biasInitializer?: InitializerOption;
}

/** Options of the cells with gates. */
export interface GatedCellOptions extends CellOptions {
  /** The activation of the gates. Default 'sigmoid'. */
  readonly recurrentActivation?: ActivationOption;
}

/** The shared options, checked, with Keras's defaults filled in. */
export interface Resolved {
  readonly units: number;
  readonly useBias: boolean;
  readonly act: Activation;
  readonly init: { readonly kernel: Initializer; readonly recurrent: Initializer; readonly bias: Initializer };
  readonly dropout: Dropout;
}

/**
 * Resolved once, when the cell is made: what has no seed draws one then, in Keras's order. That is the seed of the
 * dropout masks, the kernel's, the recurrent kernel's for a SimpleRNN; a cell with gates draws that of the masks last.
 *
 * @param gates how many blocks the kernels have
 * @param more the names of the options that only this cell has
 */
export function resolve(cell: string, options: CellOptions, gates: number, more: readonly string[] = []): Resolved {
  checkMisplaced(cell, options);
  const weights = ['units', 'activation', 'useBias', 'kernelInitializer', 'recurrentInitializer', 'biasInitializer'];
  checkOptions(cell, options, [...weights, 'dropout', 'recurrentDropout', 'seed', ...more]);
  const units = checkedCount(cell, 'units', options.units, `${cell}({ units: 64 })`);
  const useBias = checkedFlag(cell, 'useBias', options.useBias ?? true);
  const act = activation(options.activation === undefined ? 'tanh' : options.activation, cell);
  const seeded = (): number => checkedSeed(cell, options.seed, `${cell}({ units: 64, seed: 42 })`);
  const first = gates === 1 ? seeded() : 0;
  const init = {
    kernel: initializer(options.kernelInitializer ?? 'glorotUniform', cell),
    recurrent: initializer(options.recurrentInitializer ?? 'orthogonal', cell),
    bias: initializer(options.biasInitializer ?? 'zeros', cell),
  };
  const seed = gates === 1 ? first : seeded();
  return { units, useBias, act, init, dropout: dropoutOf(cell, options, gates, seed) };
}

/** Keras's layers take how they are run as options; here `rnn` does. */
function checkMisplaced(cell: string, options: CellOptions): void {
  const key = Object.keys(options ?? {}).find((option) =>
    /^(return|go_?b|reverse|stateful|unroll|zero_?o|mask|train)/i.test(option),
  );
  if (key === undefined) return;
  const hint = 'rnn(cell, params, x, { returnSequences, reverse, mask, initialState, zeroOutputForMask, training })';
  throw new ArgumentError(cell, `'${key}' is not an option of a cell but of how it is run`, {}, hint, 'UNKNOWN_NAME');
}

/** The activation of the gates. */
export function gateActivation(cell: string, options: GatedCellOptions): Activation {
  return activation(options.recurrentActivation === undefined ? 'sigmoid' : options.recurrentActivation, cell);
}
