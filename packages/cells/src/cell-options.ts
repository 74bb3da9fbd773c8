/** The options that Keras's cells share, and what they make: initial parameters in Keras's layout. */
import {
  activation,
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
import type {
  Activation,
  ActivationName,
  Backend,
  Initializer,
  InitializerName,
  RecurrentSpec,
  Shape,
} from '@recurra/core';
import type { CellParams, Floats, SequenceOptions } from './cell.js';

export type ActivationOption = ActivationName | ((x: Floats) => Floats) | null;
export type InitializerOption = InitializerName | Initializer;

export interface CellOptions {
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
}

const shared = ['units', 'activation', 'useBias', 'kernelInitializer', 'recurrentInitializer', 'biasInitializer'];

/**
 * Resolved once, when the cell is made: an initializer without a seed draws one then, in Keras's order.
 *
 * @param more the names of the options that only this cell has
 */
export function resolve(cell: string, options: CellOptions, more: readonly string[] = []): Resolved {
  checkOptions(cell, options, [...shared, ...more]);
  return {
    units: checkedCount(cell, 'units', options.units, `${cell}({ units: 64 })`),
    useBias: checkedFlag(cell, 'useBias', options.useBias ?? true),
    act: activation(options.activation === undefined ? 'tanh' : options.activation, cell),
    init: {
      kernel: initializer(options.kernelInitializer ?? 'glorotUniform', cell),
      recurrent: initializer(options.recurrentInitializer ?? 'orthogonal', cell),
      bias: initializer(options.biasInitializer ?? 'zeros', cell),
    },
  };
}

/**
 * Keras makes each cell's generator of dropout masks from a seed of its own, SimpleRNN before its weights and the gated
 * cells after theirs. Drawing it here too keeps what `setRandomSeed` gives to everything made later Keras's.
 */
export function drawMaskSeed(): void {
  nextSeed();
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

/** The part of a fused kernel's spec that every recurrent cell fills in alike. */
export function sequenceSpec(x: Floats, units: number, how: SequenceOptions): Omit<RecurrentSpec, 'activation'> {
  const [batch, time, inputs] = x.shape as [number, number, number];
  const { reverse, returnSequences, zeroOutputForMask } = how;
  return { dims: { batch, time, inputs, units }, reverse, returnSequences, zeroOutputForMask };
}

/** Whether a fused kernel can be told these activations: it knows names, not functions of the user's own. */
export function fusable(...activations: readonly Activation[]): boolean {
  return activations.every((a) => a.name !== null);
}
