/**
 * h_t = act( x_t·W + b + h_{t−1}·U )          Elman 1990; keras.layers.SimpleRNNCell
 *
 * The output is h_t.
 */
import { add } from '@recurra/core';
import { resolve, type CellOptions } from './cell-options.js';
import type { Cell, CellParams, Floats, ParamsOf } from './cell.js';
import { product } from './dropout.js';
import { fusedSequence } from './fused-sequence.js';
import { addBias, layout } from './layout.js';

/** Parameters of `simpleRNNCell` in Keras's layout. */
export type SimpleRNNParams = CellParams &
  ParamsOf<'simpleRNNCell'> & {
    /** [units] */
    readonly bias?: Floats;
  };
/** The state of `simpleRNNCell`. */
export type SimpleRNNState = {
  /** [B, units] */
  readonly h: Floats;
};

/** The products x·W and h·U, each with its dropout mask. */
interface SimpleRNNParts {
  readonly xW: (x: Floats) => Floats;
  readonly hU: (h: Floats) => Floats;
  readonly b: Floats | undefined;
}

/**
 * Keras's SimpleRNN: one matrix and one activation.
 *
 *     const cell = simpleRNNCell({ units: 32 });
 *     const params = cell.init(12);
 *
 * @throws ArgumentError for units below 1, unknown names, rates outside [0, 1]
 */
export function simpleRNNCell(options: CellOptions): Cell<SimpleRNNParams, SimpleRNNState, SimpleRNNParts> {
  const name = 'simpleRNNCell';
  const resolved = resolve(name, options, 1);
  const { units, useBias, act, init, dropout } = resolved;
  const bias = useBias ? { shape: [units], draw: init.bias } : null;

  const of = layout<SimpleRNNParams, SimpleRNNState>(name, resolved, {
    gates: 1,
    weights: { bias },
    states: { h: units },
  });

  return {
    ...of,
    begin({ kernel: W, recurrentKernel: U, bias: b }, call) {
      const masks = dropout.masks(call, units, W.backend);
      return { xW: product(W, masks.x), hU: product(U, masks.h), b };
    },
    project: ({ xW, b }, x) => addBias(xW(x), b),
    step({ hU }, xW_b, { h }) {
      const h_t = act.apply(add(xW_b, hU(h)));
      return [h_t, { h: h_t }];
    },

    ...fusedSequence('simpleRNN', of, dropout, { activation: act.name }, ['h']),
  };
}
