/** The options that Keras's cells share, and what they make: initial parameters in Keras's layout. */
import {
  activation,
  add,
  ArgumentError,
  checkedCount,
  checkedFlag,
  checkOptions,
  initializer,
  isTensor,
  scope,
  ShapeError,
  sizeOf,
  tensor,
} from '@recurra/core';
import { nextSeed } from '@recurra/core/random';
import type { Activation, ActivationName, Backend, Initializer, InitializerName, Shape } from '@recurra/core';
import type { CellParams, Floats } from './cell.js';
import { dropoutOf, type Dropout, type DropoutOptions } from './dropout.js';

export type ActivationOption = ActivationName | ((x: Floats) => Floats) | null;
export type InitializerOption = InitializerName | Initializer;

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

const weights = ['units', 'activation', 'useBias', 'kernelInitializer', 'recurrentInitializer', 'biasInitializer'];
const shared = [...weights, 'dropout', 'recurrentDropout', 'seed'];

/**
 * Resolved once, when the cell is made: what has no seed draws one then, in Keras's order. That is the seed of the
 * dropout masks, the kernel's, the recurrent kernel's for a SimpleRNN; a cell with gates draws that of the masks last.
 *
 * @param gates how many blocks the kernels have
 * @param more the names of the options that only this cell has
 */
export function resolve(cell: string, options: CellOptions, gates: number, more: readonly string[] = []): Resolved {
  checkOptions(cell, options, [...shared, ...more]);
  const units = checkedCount(cell, 'units', options.units, `${cell}({ units: 64 })`);
  const useBias = checkedFlag(cell, 'useBias', options.useBias ?? true);
  const act = activation(options.activation === undefined ? 'tanh' : options.activation, cell);
  const first = gates === 1 ? checkedSeed(cell, options.seed) : 0;
  const init = {
    kernel: initializer(options.kernelInitializer ?? 'glorotUniform', cell),
    recurrent: initializer(options.recurrentInitializer ?? 'orthogonal', cell),
    bias: initializer(options.biasInitializer ?? 'zeros', cell),
  };
  const seed = gates === 1 ? first : checkedSeed(cell, options.seed);
  return { units, useBias, act, init, dropout: dropoutOf(cell, options, gates, seed) };
}

/** Drawn even by a cell without dropout, as in Keras: what is made later follows from it. */
function checkedSeed(cell: string, seed: unknown): number {
  if (seed === undefined || seed === null) return nextSeed();
  if (Number.isSafeInteger(seed)) return seed as number;
  throw new ArgumentError(cell, 'seed must be a whole number', { seed }, `${cell}({ units: 64, seed: 42 })`);
}

/** The activation of the gates. */
export function gateActivation(cell: string, options: GatedCellOptions): Activation {
  return activation(options.recurrentActivation === undefined ? 'sigmoid' : options.recurrentActivation, cell);
}

/** kernel [F, gates·u], recurrentKernel [u, gates·u] and, unless there is none, the bias: drawn in Keras's order. */
export function drawParams(
  cell: string,
  { units, init }: Resolved,
  gates: number,
  inputs: number,
  bias: { shape: Shape; draw: Initializer } | null,
  backend: Backend | undefined,
): CellParams & { bias?: Floats } {
  const F = checkedCount(cell, 'inputs', inputs, 'cell.init(12): the number of features of x');
  const on = (from: Initializer, shape: Shape): Floats =>
    tensor(drawn(cell, from, shape), shape, { dtype: 'float32', ...(backend && { backend }) });
  return scope(() => ({
    kernel: on(init.kernel, [F, gates * units]),
    recurrentKernel: on(init.recurrent, [units, gates * units]),
    ...(bias && { bias: on(bias.draw, bias.shape) }),
  }));
}

/** The numbers that an initializer gives for a shape; one of the user's own may give anything. */
export function drawn(cell: string, from: Initializer, shape: Shape): Float32Array {
  const values: unknown = from(shape);
  const size = sizeOf(shape);
  if (!(values instanceof Float32Array) || values.length !== size) {
    throw new ArgumentError(cell, `an initializer must give a Float32Array of ${size} numbers`, { shape, got: values });
  }
  return values;
}

/** Says so when it is x that does not fit: else the kernel would be blamed for its shape. */
export function checkFeatures(cell: string, params: CellParams, inputs: number): void {
  const features = isTensor(params?.kernel) ? params.kernel.shape[0] : inputs;
  if (features === inputs) return;
  const facts = { 'features of x': inputs, kernel: params.kernel.shape };
  throw new ShapeError(cell, `x has ${inputs} features, the kernel takes ${features}`, facts, `cell.init(${inputs})`);
}

/** A cell without a bias adds none: adding zeros would cost a pass over z. */
export function addBias(z: Floats, b: Floats | undefined): Floats {
  return b === undefined ? z : add(z, b);
}
