/**
 * h_t = act( x_t·W + b + h_{t−1}·U )          Elman 1990; keras.layers.SimpleRNNCell
 *
 * The output is h_t.
 */
import { add, applyFused, checkShapes, matmul, zeros } from '@recurra/core';
import {
  checkFeatures,
  drawMaskSeed,
  drawParams,
  fusable,
  resolve,
  sequenceSpec,
  type CellOptions,
} from './cell-options.js';
import type { Cell, CellParams, Floats } from './cell.js';

export type SimpleRNNParams = CellParams & {
  /** [units] */
  readonly bias?: Floats;
};
export type SimpleRNNState = {
  /** [B, units] */
  readonly h: Floats;
};

/** @throws ArgumentError for units below 1 and unknown names */
export function simpleRNNCell(options: CellOptions): Cell<SimpleRNNParams, SimpleRNNState, SimpleRNNParams> {
  const name = 'simpleRNNCell';
  drawMaskSeed();
  const resolved = resolve(name, options);
  const { units, useBias, act, init } = resolved;
  const bias = useBias ? { shape: [units], draw: init.bias } : null;

  return {
    name,
    units,
    init: (inputs, { backend } = {}) => drawParams(name, resolved, 1, inputs, bias, backend),
    initialState: ({ kernel }, batch) => ({ h: zeros([batch, units], { backend: kernel.backend }) }),
    check(params, { batch, inputs }, state) {
      checkFeatures(name, params, inputs);
      checkShapes(name, 'params', params, {
        kernel: [inputs, units],
        recurrentKernel: [units, units],
        bias: bias && bias.shape,
      });
      if (state !== undefined) checkShapes(name, 'initialState', state, { h: [batch, units] });
    },

    begin: (params) => params,
    project({ kernel: W, bias: b }, x) {
      const xW = matmul(x, W);
      return b === undefined ? xW : add(xW, b);
    },
    step({ recurrentKernel: U }, z, { h }) {
      const h_t = act.apply(add(z, matmul(h, U)));
      return [h_t, { h: h_t }];
    },

    fused(params, x, state, how) {
      if (!fusable(act)) return null;
      const spec = { ...sequenceSpec(x, units, how), activation: act.name! };
      const y = applyFused('simpleRNN', spec, [
        x,
        params.kernel,
        params.recurrentKernel,
        params.bias ?? null,
        state?.h ?? null,
        how.mask,
      ]);
      return y && { outputs: y[0] as Floats, state: { h: y[1] as Floats } };
    },
  };
}
