/**
 * Parameters and states in Keras's layout: kernel [F, gates·u], recurrentKernel [h, gates·u], then what else a cell has.
 * What a cell of this layout starts from, and what it refuses.
 */
import {
  ArgumentError,
  add,
  checkedCount,
  checkOptions,
  checkShapes,
  didYouMean,
  drawnValues,
  isTensor,
  scope,
  ShapeError,
  tensor,
  zeros,
} from '@recurra/core';
import type { Initializer, Shape } from '@recurra/core';
import type { Resolved } from './cell-options.js';
import type { Cell, CellParams, Floats } from './cell.js';

/** A weight beside the two kernels. */
export interface Weight {
  readonly shape: Shape;
  readonly draw: Initializer;
}

export interface Layout {
  /** How many blocks the kernels have. */
  readonly gates: number;
  /** In the order in which they are drawn; null for what the options leave out. */
  readonly weights: Readonly<Record<string, Weight | null>>;
  /** The width of each part of the state; h is what meets the recurrent kernel. */
  readonly states: { readonly h: number; readonly [part: string]: number };
}

/** The functions of a cell that follow from its layout. */
export function layout<P extends CellParams, S extends { readonly [part: string]: Floats }>(
  name: string,
  { units, init, dropout: { draws } }: Resolved,
  { gates, weights, states }: Layout,
): Pick<Cell<P, S>, 'name' | 'units' | 'draws' | 'init' | 'inputs' | 'initialState' | 'check'> {
  const width = gates * units;
  return {
    name,
    units: states.h,
    draws,
    init(inputs, options = {}) {
      checkOptions(name, options, ['backend']);
      const F = checkedCount(name, 'inputs', inputs, 'cell.init(12): the number of features of x');
      const on = ({ shape, draw }: Weight): Floats =>
        tensor(drawnValues(name, draw, shape), shape, { dtype: 'float32', ...options });
      const all: Readonly<Record<string, Weight | null>> = {
        kernel: { shape: [F, width], draw: init.kernel },
        recurrentKernel: { shape: [states.h, width], draw: init.recurrent },
        ...weights,
      };
      return scope(() => mapValues(all, on)) as unknown as P;
    },
    inputs(params) {
      checkShapes(name, 'params', params, { kernel: [null, width] });
      return params.kernel.shape[0]!;
    },
    initialState(params, batch) {
      checkShapes(name, 'params', params, { kernel: [null, width] });
      if (!Number.isSafeInteger(batch) || batch < 0) {
        const hint = 'cell.initialState(params, 8): the rows of a batch';
        throw new ArgumentError(name, 'batch must be a whole number', { batch }, hint);
      }
      const { backend } = params.kernel;
      return mapValues(states, (features) => zeros([batch, features], { backend })) as unknown as S;
    },
    check(params, { batch, inputs }, state) {
      checkFeatures(name, params, inputs);
      const expected = {
        kernel: [inputs, width],
        recurrentKernel: [states.h, width],
        ...Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, weight && weight.shape])),
      };
      checkShapes(name, 'params', params, expected);
      checkKeys(name, 'parameter', params, expected);
      if (state === undefined) return;
      const parts = mapValues(states, (features) => [batch, features]);
      checkShapes(name, 'initialState', state, parts);
      checkKeys(name, 'part of the state', state, parts);
    },
  };
}

/** What belongs to another cell: this one would compute without it. */
function checkKeys(cell: string, what: string, tree: object, expected: object): void {
  for (const key of Object.keys(tree)) {
    if (Object.hasOwn(expected, key)) continue;
    const hint = didYouMean(key, Object.keys(expected));
    throw new ArgumentError(
      cell,
      `the cell has no ${what} '${key}'`,
      { given: Object.keys(tree) },
      hint,
      'UNKNOWN_NAME',
    );
  }
}

/** The same keys with other values, without those whose value is null. */
function mapValues<A, B>(all: Readonly<Record<string, A | null>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [[key, f(value)]])));
}

/** Says so when it is x that does not fit: else the kernel would be blamed for its shape. */
function checkFeatures(cell: string, params: CellParams, inputs: number): void {
  const features = isTensor(params?.kernel) ? params.kernel.shape[0] : inputs;
  if (features === inputs) return;
  const facts = { 'features of x': inputs, kernel: params.kernel.shape };
  throw new ShapeError(cell, `x has ${inputs} features, the kernel takes ${features}`, facts, `cell.init(${inputs})`);
}

/** A cell without a bias adds none: adding zeros would cost a pass over z. */
export function addBias(z: Floats, b: Floats | undefined): Floats {
  return b === undefined ? z : add(z, b);
}
