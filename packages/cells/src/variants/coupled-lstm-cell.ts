/**
 * z   = x_t·W + b + h_{t−1}·U          in three blocks: i, c, o
 * i, o = ract(z_i), ract(z_o)
 * f   = 1 − i                          what comes in takes the place of what is forgotten
 * g   = act(z_c)
 * c_t = f ⊙ c_{t−1} + i ⊙ g
 * h_t = o ⊙ act(c_t)
 *
 * Greff et al. 2017 (CIFG), there with peepholes; the LSTM of ONNX with input_forget = 1
 *
 * The output is h_t.
 */
import { add, mul, split, sub } from '@recurra/core';
import { gateActivation, resolve } from '../cell-options.js';
import type { Cell, CellParams, Floats } from '../cell.js';
import { product } from '../dropout.js';
import { addBias, layout } from '../layout.js';
import type { LSTMState } from '../lstm-cell.js';
import { forgetBias, type ForgetBiasOptions } from '../forget-bias.js';

/** Options of `coupledLSTMCell`. */
export interface CoupledLSTMOptions extends ForgetBiasOptions {
  /** Start with −1 as the bias of i: with sigmoid gates, f is then what a bias of 1 makes of it. Default true. */
  readonly unitForgetBias?: boolean;
}
/** Parameters of `coupledLSTMCell`; gates i, c, o. */
export type CoupledLSTMParams = CellParams & {
  /** [3·units] */
  readonly bias?: Floats;
};

interface Parts {
  readonly xW: (x: Floats) => Floats;
  readonly hU: (h: Floats) => Floats;
  readonly b: Floats | undefined;
}

/**
 * An LSTM with one gate for both: what comes in takes the place of what is forgotten.
 *
 * @throws ArgumentError for units below 1, unknown names, rates outside [0, 1]
 */
export function coupledLSTMCell(options: CoupledLSTMOptions): Cell<CoupledLSTMParams, LSTMState, Parts> {
  const name = 'coupledLSTMCell';
  const resolved = resolve(name, options, 3, ['recurrentActivation', 'unitForgetBias']);
  const { units, act, dropout } = resolved;
  const ract = gateActivation(name, options);
  // i with −1; c and o
  const weights = { bias: forgetBias(name, options, resolved, 0, -1, 2) };

  return {
    ...layout<CoupledLSTMParams, LSTMState>(name, resolved, { gates: 3, weights, states: { h: units, c: units } }),
    begin({ kernel: W, recurrentKernel: U, bias: b }, call) {
      const masks = dropout.masks(call, units, W.backend);
      return { xW: product(W, masks.x), hU: product(U, masks.h), b };
    },
    project: ({ xW, b }, x) => addBias(xW(x), b),
    step({ hU }, xW_b, { h, c }) {
      const z = add(xW_b, hU(h));
      const [z_i, z_c, z_o] = split(z, 3, -1);
      const i = ract.apply(z_i);
      const f = sub(1, i);
      const g = act.apply(z_c);
      const o = ract.apply(z_o);
      const c_t = add(mul(f, c), mul(i, g));
      const h_t = mul(o, act.apply(c_t));
      return [h_t, { h: h_t, c: c_t }];
    },
  };
}
