/**
 * z   = ract( x_t·W_z + b_z + h_{t−1}·U_z + b′_z )
 * r   = ract( x_t·W_r + b_r + h_{t−1}·U_r + b′_r )
 * ĥ   = act( x_t·W_h + b_h + r ⊙ (h_{t−1}·U_h + b′_h) )      reset after (the default; b is [2, 3u], rows b and b′)
 * ĥ   = act( x_t·W_h + b_h + (r ⊙ h_{t−1})·U_h )             reset before (b is [3u], there is no b′)
 * h_t = z ⊙ h_{t−1} + (1 − z) ⊙ ĥ                             z keeps the old state
 *
 * Cho et al. 2014 (where z has the opposite meaning); keras.layers.GRUCell
 *
 * The output is h_t.
 */
import {
  add,
  applyFused,
  checkedFlag,
  checkShapes,
  matmul,
  mul,
  reshape,
  slice,
  split,
  sub,
  zeros,
} from '@recurra/core';
import {
  checkFeatures,
  drawMaskSeed,
  drawParams,
  fusable,
  gateActivation,
  resolve,
  sequenceSpec,
  type GatedCellOptions,
} from './cell-options.js';
import type { Cell, CellParams, Floats } from './cell.js';

export interface GRUOptions extends GatedCellOptions {
  /** Reset the projected state (true, the default) or the state before it is projected. */
  readonly resetAfter?: boolean;
}
export type GRUParams = CellParams & {
  /** [2, 3·units] with resetAfter: the input's row and the state's; else [3·units] */
  readonly bias?: Floats;
};
export type GRUState = {
  /** [B, units] */
  readonly h: Floats;
};

/** The parameters cut up as the equations name them. */
interface Parts {
  readonly W: Floats;
  readonly b: Floats | undefined;
  /** [u, 3u] */
  readonly U: Floats;
  /** The state's bias row, [3u]. */
  readonly b_: Floats | undefined;
  /** [u, 2u] and [u, u], for reset before. */
  readonly U_zr: Floats;
  readonly U_h: Floats;
}

/** @throws ArgumentError for units below 1 and unknown names */
export function gruCell(options: GRUOptions): Cell<GRUParams, GRUState, Parts> {
  const name = 'gruCell';
  const resolved = resolve(name, options, ['recurrentActivation', 'resetAfter']);
  const { units, useBias, act, init } = resolved;
  drawMaskSeed();
  const ract = gateActivation(name, options);
  const resetAfter = checkedFlag(name, 'resetAfter', options.resetAfter ?? true);
  const bias = useBias ? { shape: resetAfter ? [2, 3 * units] : [3 * units], draw: init.bias } : null;

  return {
    name,
    units,
    init: (inputs, { backend } = {}) => drawParams(name, resolved, 3, inputs, bias, backend),
    initialState: ({ kernel }, batch) => ({ h: zeros([batch, units], { backend: kernel.backend }) }),
    check(params, { batch, inputs }, state) {
      checkFeatures(name, params, inputs);
      checkShapes(name, 'params', params, {
        kernel: [inputs, 3 * units],
        recurrentKernel: [units, 3 * units],
        bias: bias && bias.shape,
      });
      if (state !== undefined) checkShapes(name, 'initialState', state, { h: [batch, units] });
    },

    begin({ kernel: W, recurrentKernel: U, bias: rows }) {
      const row = (i: number): Floats => reshape(slice(rows!, [i], [1]), [3 * units]);
      const [b, b_] = rows === undefined ? [] : resetAfter ? [row(0), row(1)] : [rows];
      return { W, b, U, b_, U_zr: slice(U, [], [-1, 2 * units]), U_h: slice(U, [0, 2 * units]) };
    },
    project({ W, b }, x) {
      const xW = matmul(x, W);
      return b === undefined ? xW : add(xW, b);
    },
    step({ U, b_, U_zr, U_h }, xW_b, { h }) {
      const [x_z, x_r, x_h] = split(xW_b, 3, -1) as [Floats, Floats, Floats];
      let z: Floats;
      let ĥ: Floats;
      if (resetAfter) {
        const hU = b_ === undefined ? matmul(h, U) : add(matmul(h, U), b_);
        const [h_z, h_r, h_h] = split(hU, 3, -1) as [Floats, Floats, Floats];
        z = ract.apply(add(x_z, h_z));
        const r = ract.apply(add(x_r, h_r));
        ĥ = act.apply(add(x_h, mul(r, h_h)));
      } else {
        const [h_z, h_r] = split(matmul(h, U_zr), 2, -1) as [Floats, Floats];
        z = ract.apply(add(x_z, h_z));
        const r = ract.apply(add(x_r, h_r));
        ĥ = act.apply(add(x_h, matmul(mul(r, h), U_h)));
      }
      const h_t = add(mul(z, h), mul(sub(1, z), ĥ));
      return [h_t, { h: h_t }];
    },

    fused(params, x, state, how) {
      if (!fusable(act, ract)) return null;
      const spec = {
        ...sequenceSpec(x, units, how),
        activation: act.name!,
        recurrentActivation: ract.name!,
        resetAfter,
      };
      const { kernel, recurrentKernel } = params;
      const y = applyFused('gru', spec, [x, kernel, recurrentKernel, params.bias ?? null, state?.h ?? null, how.mask]);
      return y && { outputs: y[0] as Floats, state: { h: y[1] as Floats } };
    },
  };
}
