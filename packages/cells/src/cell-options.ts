/** The options that Keras's cells share, and what they make: initial parameters in Keras's layout. */
import { initializer, tensor } from '@recurra/core';
import type { Activation, ActivationName, Backend, Initializer, InitializerName, RecurrentSpec, Shape } from '@recurra/core';
import type { Floats, SequenceOptions } from './cell.js';

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

export interface Initializers {
  readonly kernel: Initializer;
  readonly recurrent: Initializer;
  readonly bias: Initializer;
}

/** Resolved once, when the cell is made: an initializer without a seed draws one then, in Keras's order. */
export function initializersOf(cell: string, options: CellOptions): Initializers {
  return {
    kernel: initializer(options.kernelInitializer ?? 'glorotUniform', cell),
    recurrent: initializer(options.recurrentInitializer ?? 'orthogonal', cell),
    bias: initializer(options.biasInitializer ?? 'zeros', cell),
  };
}

/** The numbers an initializer gives, as a tensor. */
export function drawn(from: Initializer, shape: Shape, backend: Backend | undefined): Floats {
  return tensor(from(shape), shape, { dtype: 'float32', ...(backend && { backend }) });
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
