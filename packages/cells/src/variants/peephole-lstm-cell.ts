/**
 * z   = x_t·W + b + h_{t−1}·U          in four blocks: i, f, c, o
 * i   = ract(z_i + p_i ⊙ c_{t−1})
 * f   = ract(z_f + p_f ⊙ c_{t−1})
 * g   = act(z_c)
 * c_t = f ⊙ c_{t−1} + i ⊙ g
 * o   = ract(z_o + p_o ⊙ c_t)          o looks at the new c
 * h_t = o ⊙ act(c_t)
 *
 * Gers & Schmidhuber 2000, with diagonal peepholes as in Graves 2013; the LSTM of ONNX with P (there in the order i, o, f)
 *
 * The output is h_t.
 */
import { add, initializer, mul, split } from '@recurra/core';
import { gateActivation, resolve, type InitializerOption } from '../cell-options.js';
import type { Cell, CellParams, Floats } from '../cell.js';
import { product } from '../dropout.js';
import { addBias, layout } from '../layout.js';
import type { LSTMState } from '../lstm-cell.js';
import { forgetBias, type ForgetBiasOptions } from '../forget-bias.js';

/** Options of `peepholeLSTMCell`. */
export interface PeepholeLSTMOptions extends ForgetBiasOptions {
  /** Of p, asked for [3·units]. Default 'glorotUniform': within ±1/√units. */
  readonly peepholeInitializer?: InitializerOption;
}
/** Parameters of `peepholeLSTMCell`; gates i, f, c, o. */
export type PeepholeLSTMParams = CellParams & {
  /** [4·units] */
  readonly bias?: Floats;
  /** [3·units], which is p_i, p_f, p_o */
  readonly peepholeKernel: Floats;
};

interface Parts {
  readonly xW: (x: Floats) => Floats;
  readonly hU: (h: Floats) => Floats;
  readonly b: Floats | undefined;
  readonly p_i: Floats;
  readonly p_f: Floats;
  readonly p_o: Floats;
}

/**
 * An LSTM whose gates look at the memory too.
 *
 * @throws ArgumentError for units below 1, unknown names, rates outside [0, 1]
 */
export function peepholeLSTMCell(options: PeepholeLSTMOptions): Cell<PeepholeLSTMParams, LSTMState, Parts> {
  const name = 'peepholeLSTMCell';
  const resolved = resolve(name, options, 4, ['recurrentActivation', 'unitForgetBias', 'peepholeInitializer']);
  const { units, act, dropout } = resolved;
  const ract = gateActivation(name, options);
  // i; f with ones; c and o
  const bias = forgetBias(name, options, resolved, 1, 1, 2);
  const peepholeKernel = {
    shape: [3 * units],
    draw: initializer(options.peepholeInitializer ?? 'glorotUniform', name),
  };
  const weights = { bias, peepholeKernel };

  return {
    ...layout<PeepholeLSTMParams, LSTMState>(name, resolved, { gates: 4, weights, states: { h: units, c: units } }),
    begin({ kernel: W, recurrentKernel: U, bias: b, peepholeKernel: p }, call) {
      const masks = dropout.masks(call, units, W.backend);
      const [p_i, p_f, p_o] = split(p, 3);
      return { xW: product(W, masks.x), hU: product(U, masks.h), b, p_i, p_f, p_o };
    },
    project: ({ xW, b }, x) => addBias(xW(x), b),
    step({ hU, p_i, p_f, p_o }, xW_b, { h, c }) {
      const z = add(xW_b, hU(h));
      const [z_i, z_f, z_c, z_o] = split(z, 4, -1);
      const i = ract.apply(add(z_i, mul(p_i, c)));
      const f = ract.apply(add(z_f, mul(p_f, c)));
      const g = act.apply(z_c);
      const c_t = add(mul(f, c), mul(i, g));
      const o = ract.apply(add(z_o, mul(p_o, c_t)));
      const h_t = mul(o, act.apply(c_t));
      return [h_t, { h: h_t, c: c_t }];
    },
  };
}
