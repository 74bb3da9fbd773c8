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
import { add, mul, split } from '@recurra/core';
import { gateActivation, resolve } from './cell-options.js';
import type { Cell, CellParams, Floats, ParamsOf } from './cell.js';
import { product } from './dropout.js';
import { forgetBias, type ForgetBiasOptions } from './forget-bias.js';
import { fusedSequence } from './fused-sequence.js';
import { addBias, layout } from './layout.js';

/** Options of `lstmCell`. */
export interface LSTMOptions extends ForgetBiasOptions {}
/** Parameters of `lstmCell` in Keras's layout; gates i, f, c, o. */
export type LSTMParams = CellParams &
  ParamsOf<'lstmCell'> & {
    /** [4·units] */
    readonly bias?: Floats;
  };
/** The state of `lstmCell`: output and memory. */
export type LSTMState = {
  /** [B, units] */
  readonly h: Floats;
  /** [B, units] */
  readonly c: Floats;
};

/** The products x·W and h·U, each with its dropout masks. */
interface LSTMParts {
  readonly xW: (x: Floats) => Floats;
  readonly hU: (h: Floats) => Floats;
  readonly b: Floats | undefined;
}

/**
 * Keras's LSTM: a memory behind three gates.
 *
 *     const cell = lstmCell({ units: 64 });
 *     const params = cell.init(12);
 *
 * @throws ArgumentError for units below 1, unknown names, rates outside [0, 1]
 */
export function lstmCell(options: LSTMOptions): Cell<LSTMParams, LSTMState, LSTMParts> {
  const name = 'lstmCell';
  const resolved = resolve(name, options, 4, ['recurrentActivation', 'unitForgetBias']);
  const { units, act, dropout } = resolved;
  const ract = gateActivation(name, options);
  // i; f with ones; c and o
  const bias = forgetBias(name, options, resolved, 1, 1, 2);

  const states = { h: units, c: units };
  const of = layout<LSTMParams, LSTMState>(name, resolved, { gates: 4, weights: { bias }, states });

  return {
    ...of,
    begin({ kernel: W, recurrentKernel: U, bias: b }, call) {
      const masks = dropout.masks(call, units, W.backend);
      return { xW: product(W, masks.x), hU: product(U, masks.h), b };
    },
    project: ({ xW, b }, x) => addBias(xW(x), b),
    step({ hU }, xW_b, { h, c }) {
      const z = add(xW_b, hU(h));
      const [z_i, z_f, z_c, z_o] = split(z, 4, -1);
      const i = ract.apply(z_i);
      const f = ract.apply(z_f);
      const g = act.apply(z_c);
      const o = ract.apply(z_o);
      const c_t = add(mul(f, c), mul(i, g));
      const h_t = mul(o, act.apply(c_t));
      return [h_t, { h: h_t, c: c_t }];
    },

    ...fusedSequence('lstm', of, dropout, { activation: act.name, recurrentActivation: ract.name }, ['h', 'c']),
  };
}
