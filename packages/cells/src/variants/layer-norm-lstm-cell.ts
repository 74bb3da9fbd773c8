/**
 * z   = LN_x(x_t·W) + b + LN_h(h_{t−1}·U)          in four blocks: i, f, c, o; LN over all four
 * i, f, o = ract(z_i), ract(z_f), ract(z_o)
 * g   = act(z_c)
 * c_t = LN_c(f ⊙ c_{t−1} + i ⊙ g)
 * h_t = o ⊙ act(c_t)
 *
 * Ba et al. 2016; LayerNormLSTMCell of TensorFlow Addons, which keeps the normalised c as the state (the paper normalises
 * it for h alone)
 *
 * The output is h_t. Each LN has a γ and a β of its own.
 */
import { add, ArgumentError, initializer, mul, split } from '@recurra/core';
import { gateActivation, resolve, type InitializerOption } from '../cell-options.js';
import type { Cell, CellParams, Floats } from '../cell.js';
import { product } from '../dropout.js';
import { addBias, layout } from '../layout.js';
import type { LSTMState } from '../lstm-cell.js';
import { forgetBias, type ForgetBiasOptions } from '../forget-bias.js';
import { layerNorm } from './layer-norm.js';

/** Options of `layerNormLSTMCell`. */
export interface LayerNormLSTMOptions extends ForgetBiasOptions {
  /** Of every γ. Default 'ones'. */
  readonly normGammaInitializer?: InitializerOption;
  /** Of every β. Default 'zeros'. */
  readonly normBetaInitializer?: InitializerOption;
  /** ε, added to the variances. Default 1e-3. */
  readonly normEpsilon?: number;
}
/** Parameters of `layerNormLSTMCell`; gates i, f, c, o. */
export type LayerNormLSTMParams = CellParams & {
  /** [4·units] */
  readonly bias?: Floats;
  /** [4·units] */
  readonly kernelGamma: Floats;
  /** [4·units] */
  readonly kernelBeta: Floats;
  /** [4·units] */
  readonly recurrentGamma: Floats;
  /** [4·units] */
  readonly recurrentBeta: Floats;
  /** [units] */
  readonly stateGamma: Floats;
  /** [units] */
  readonly stateBeta: Floats;
};

interface Parts {
  readonly xW: (x: Floats) => Floats;
  readonly hU: (h: Floats) => Floats;
  readonly b: Floats | undefined;
  readonly LN_x: (x: Floats) => Floats;
  readonly LN_h: (x: Floats) => Floats;
  readonly LN_c: (x: Floats) => Floats;
}

const norms = ['normGammaInitializer', 'normBetaInitializer', 'normEpsilon'];

/**
 * An LSTM whose products and memory are normalised over their features.
 *
 * @throws ArgumentError for units below 1, unknown names, rates outside [0, 1], an ε that is not above 0
 */
export function layerNormLSTMCell(options: LayerNormLSTMOptions): Cell<LayerNormLSTMParams, LSTMState, Parts> {
  const name = 'layerNormLSTMCell';
  const resolved = resolve(name, options, 4, ['recurrentActivation', 'unitForgetBias', ...norms]);
  const { units, act, dropout } = resolved;
  const ract = gateActivation(name, options);
  const epsilon = checkedEpsilon(name, options.normEpsilon ?? 1e-3);
  // i; f with ones; c and o
  const bias = forgetBias(name, options, resolved, 1, 1, 2);
  const gammas = initializer(options.normGammaInitializer ?? 'ones', name);
  const betas = initializer(options.normBetaInitializer ?? 'zeros', name);
  const weights = {
    bias,
    kernelGamma: { shape: [4 * units], draw: gammas },
    kernelBeta: { shape: [4 * units], draw: betas },
    recurrentGamma: { shape: [4 * units], draw: gammas },
    recurrentBeta: { shape: [4 * units], draw: betas },
    stateGamma: { shape: [units], draw: gammas },
    stateBeta: { shape: [units], draw: betas },
  };
  const norm = (gamma: Floats, beta: Floats) => (x: Floats) => layerNorm(x, { gamma, beta, epsilon });

  return {
    ...layout<LayerNormLSTMParams, LSTMState>(name, resolved, { gates: 4, weights, states: { h: units, c: units } }),
    begin({ kernel: W, recurrentKernel: U, bias: b, ...p }, call) {
      const masks = dropout.masks(call, units, W.backend);
      return {
        xW: product(W, masks.x),
        hU: product(U, masks.h),
        b,
        LN_x: norm(p.kernelGamma, p.kernelBeta),
        LN_h: norm(p.recurrentGamma, p.recurrentBeta),
        LN_c: norm(p.stateGamma, p.stateBeta),
      };
    },
    project: ({ xW, b, LN_x }, x) => addBias(LN_x(xW(x)), b),
    step({ hU, LN_h, LN_c }, xW_b, { h, c }) {
      const z = add(xW_b, LN_h(hU(h)));
      const [z_i, z_f, z_c, z_o] = split(z, 4, -1);
      const i = ract.apply(z_i);
      const f = ract.apply(z_f);
      const g = act.apply(z_c);
      const o = ract.apply(z_o);
      const c_t = LN_c(add(mul(f, c), mul(i, g)));
      const h_t = mul(o, act.apply(c_t));
      return [h_t, { h: h_t, c: c_t }];
    },
  };
}

function checkedEpsilon(name: string, epsilon: unknown): number {
  if (typeof epsilon === 'number' && epsilon > 0 && epsilon < Infinity) return epsilon;
  throw new ArgumentError(name, 'normEpsilon must be a number above 0', { normEpsilon: epsilon }, 'normEpsilon: 1e-3');
}
