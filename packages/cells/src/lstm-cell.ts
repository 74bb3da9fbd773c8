/**
 * z   = x_t·W + b + h_{t−1}·U          in four blocks: i, f, c, o
 * i, f, o = ract(z_i), ract(z_f), ract(z_o)
 * g   = act(z_c)
 * c_t = f ⊙ c_{t−1} + i ⊙ g
 * h_t = o ⊙ act(c_t)
 *
 * Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000; keras.layers.LSTMCell
 *
 * The output is h_t.
 */
import { add, applyFused, checkedFlag, checkShapes, matmul, mul, split, zeros } from '@recurra/core';
import {
  checkFeatures,
  drawMaskSeed,
  drawn,
  drawParams,
  fusable,
  gateActivation,
  resolve,
  sequenceSpec,
  type GatedCellOptions,
} from './cell-options.js';
import type { Cell, CellParams, Floats } from './cell.js';

export interface LSTMOptions extends GatedCellOptions {
  /** Start with ones as the bias of f (the other blocks keep the bias initializer). Default true. */
  readonly unitForgetBias?: boolean;
}
export type LSTMParams = CellParams & {
  /** [4·units] */
  readonly bias?: Floats;
};
export type LSTMState = {
  /** [B, units] */
  readonly h: Floats;
  /** [B, units] */
  readonly c: Floats;
};

/** @throws ArgumentError for units below 1 and unknown names */
export function lstmCell(options: LSTMOptions): Cell<LSTMParams, LSTMState, LSTMParams> {
  const name = 'lstmCell';
  const resolved = resolve(name, options, ['recurrentActivation', 'unitForgetBias']);
  const { units, useBias, act, init } = resolved;
  drawMaskSeed();
  const ract = gateActivation(name, options);
  const unitForgetBias = checkedFlag(name, 'unitForgetBias', options.unitForgetBias ?? true);

  /** i from the initializer, f ones, c and o from the initializer again: Keras asks it twice. */
  const forgetOnes = (): Float32Array => {
    const values = new Float32Array(4 * units);
    values.set(drawn(name, init.bias, [units]), 0);
    values.fill(1, units, 2 * units);
    values.set(drawn(name, init.bias, [2 * units]), 2 * units);
    return values;
  };
  const bias = useBias ? { shape: [4 * units], draw: unitForgetBias ? forgetOnes : init.bias } : null;

  return {
    name,
    units,
    init: (inputs, { backend } = {}) => drawParams(name, resolved, 4, inputs, bias, backend),
    initialState: ({ kernel: { backend } }, batch) => ({
      h: zeros([batch, units], { backend }),
      c: zeros([batch, units], { backend }),
    }),
    check(params, { batch, inputs }, state) {
      checkFeatures(name, params, inputs);
      checkShapes(name, 'params', params, {
        kernel: [inputs, 4 * units],
        recurrentKernel: [units, 4 * units],
        bias: bias && bias.shape,
      });
      if (state !== undefined) checkShapes(name, 'initialState', state, { h: [batch, units], c: [batch, units] });
    },

    begin: (params) => params,
    project({ kernel: W, bias: b }, x) {
      const xW = matmul(x, W);
      return b === undefined ? xW : add(xW, b);
    },
    step({ recurrentKernel: U }, xW_b, { h, c }) {
      const z = add(xW_b, matmul(h, U));
      const [z_i, z_f, z_c, z_o] = split(z, 4, -1) as [Floats, Floats, Floats, Floats];
      const i = ract.apply(z_i);
      const f = ract.apply(z_f);
      const g = act.apply(z_c);
      const o = ract.apply(z_o);
      const c_t = add(mul(f, c), mul(i, g));
      const h_t = mul(o, act.apply(c_t));
      return [h_t, { h: h_t, c: c_t }];
    },

    fused(params, x, state, how) {
      if (!fusable(act, ract)) return null;
      const spec = { ...sequenceSpec(x, units, how), activation: act.name!, recurrentActivation: ract.name! };
      const { kernel, recurrentKernel } = params;
      const y = applyFused('lstm', spec, [
        x,
        kernel,
        recurrentKernel,
        params.bias ?? null,
        state?.h ?? null,
        state?.c ?? null,
        how.mask,
      ]);
      return y && { outputs: y[0] as Floats, state: { h: y[1] as Floats, c: y[2] as Floats } };
    },
  };
}
