/**
 * z   = x_t·W + b + h_{t−1}·U          in four blocks: i, f, c, o
 * i, f, o = ract(z_i), ract(z_f), ract(z_o)
 * g   = act(z_c)
 * c_t = f ⊙ c_{t−1} + i ⊙ g            [B, units]
 * h_t = (o ⊙ act(c_t))·R               [B, projectionUnits]
 *
 * Sak et al. 2014, without peepholes; torch.nn.LSTM with proj_size (W, U and R are its weight_ih, weight_hh, weight_hr
 * transposed)
 *
 * The output is h_t: a wide memory behind a narrow recurrence.
 */
import { add, checkedCount, initializer, matmul, mul, split } from '@recurra/core';
import { gateActivation, resolve, type InitializerOption } from '../cell-options.js';
import type { Cell, CellParams, Floats } from '../cell.js';
import { product } from '../dropout.js';
import { addBias, layout } from '../layout.js';
import { forgetBias, type ForgetBiasOptions } from '../forget-bias.js';

/** Options of `projectedLSTMCell`. */
export interface ProjectedLSTMOptions extends ForgetBiasOptions {
  /** Features of c and of the gates; those of the output are `projectionUnits`. */
  readonly units: number;
  /** Features of h, and so of the output. */
  readonly projectionUnits: number;
  /** Default 'glorotUniform'. */
  readonly projectionInitializer?: InitializerOption;
}
/** Parameters of `projectedLSTMCell`; gates i, f, c, o. */
export type ProjectedLSTMParams = {
  /** [F, 4·units] */
  readonly kernel: Floats;
  /** [projectionUnits, 4·units] */
  readonly recurrentKernel: Floats;
  /** [4·units] */
  readonly bias?: Floats;
  /** [units, projectionUnits] */
  readonly projectionKernel: Floats;
};
/** The state of `projectedLSTMCell`: a narrow output and a wide memory. */
export type ProjectedLSTMState = {
  /** [B, projectionUnits] */
  readonly h: Floats;
  /** [B, units] */
  readonly c: Floats;
};

interface Parts {
  readonly xW: (x: Floats) => Floats;
  readonly hU: (h: Floats) => Floats;
  readonly b: Floats | undefined;
  readonly R: Floats;
}

/**
 * An LSTM whose output is a projection of what it would be: a wide memory behind a narrow recurrence.
 *
 * @throws ArgumentError for units or projectionUnits below 1, unknown names, rates outside [0, 1]
 */
export function projectedLSTMCell(options: ProjectedLSTMOptions): Cell<ProjectedLSTMParams, ProjectedLSTMState, Parts> {
  const name = 'projectedLSTMCell';
  const own = ['recurrentActivation', 'unitForgetBias', 'projectionUnits', 'projectionInitializer'];
  const resolved = resolve(name, options, 4, own);
  const { units, act, dropout } = resolved;
  const ract = gateActivation(name, options);
  const hint = `${name}({ units: 64, projectionUnits: 16 })`;
  const projectionUnits = checkedCount(name, 'projectionUnits', options.projectionUnits, hint);
  // i; f with ones; c and o
  const bias = forgetBias(name, options, resolved, 1, 1, 2);
  const projectionKernel = {
    shape: [units, projectionUnits],
    draw: initializer(options.projectionInitializer ?? 'glorotUniform', name),
  };
  const states = { h: projectionUnits, c: units };

  return {
    ...layout<CellParams & ProjectedLSTMParams, ProjectedLSTMState>(name, resolved, {
      gates: 4,
      weights: { bias, projectionKernel },
      states,
    }),
    begin({ kernel: W, recurrentKernel: U, bias: b, projectionKernel: R }, call) {
      const masks = dropout.masks(call, projectionUnits, W.backend);
      return { xW: product(W, masks.x), hU: product(U, masks.h), b, R };
    },
    project: ({ xW, b }, x) => addBias(xW(x), b),
    step({ hU, R }, xW_b, { h, c }) {
      const z = add(xW_b, hU(h));
      const [z_i, z_f, z_c, z_o] = split(z, 4, -1);
      const i = ract.apply(z_i);
      const f = ract.apply(z_f);
      const g = act.apply(z_c);
      const o = ract.apply(z_o);
      const c_t = add(mul(f, c), mul(i, g));
      const h_t = matmul(mul(o, act.apply(c_t)), R);
      return [h_t, { h: h_t, c: c_t }];
    },
  };
}
