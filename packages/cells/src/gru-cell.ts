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
import { add, checkedFlag, mul, split, sub, unstack } from '@recurra/core';
import { gateActivation, resolve, type GatedCellOptions } from './cell-options.js';
import type { Cell, CellParams, Floats, ParamsOf } from './cell.js';
import { product } from './dropout.js';
import { fusedSequence } from './fused-sequence.js';
import { addBias, layout } from './layout.js';

/** Options of `gruCell`. */
export interface GRUOptions extends GatedCellOptions {
  /** Reset the projected state (true, the default) or the state before it is projected. */
  readonly resetAfter?: boolean;
}
/** Parameters of `gruCell` in Keras's layout; gates z, r, h. */
export type GRUParams = CellParams &
  ParamsOf<'gruCell'> & {
    /** [2, 3·units] with resetAfter: the input's row and the state's; else [3·units] */
    readonly bias?: Floats;
  };
/** The state of `gruCell`. */
export type GRUState = {
  /** [B, units] */
  readonly h: Floats;
};

/** The parameters cut up as the equations name them; products have their dropout masks. */
interface GRUParts {
  readonly xW: (x: Floats) => Floats;
  readonly b: Floats | undefined;
  readonly hU: (h: Floats) => Floats;
  /** The state's bias row, [3u]. */
  readonly b_: Floats | undefined;
  /** Reset before: the gates' blocks of U, and the candidate's. */
  readonly hU_zr: (h: Floats) => Floats;
  readonly hU_h: (h: Floats) => Floats;
}

/**
 * Keras's GRU: two gates, and the reset after the product by default.
 *
 *     const cell = gruCell({ units: 64 });
 *     const params = cell.init(12);
 *
 * @throws ArgumentError for units below 1, unknown names, rates outside [0, 1]
 */
export function gruCell(options: GRUOptions): Cell<GRUParams, GRUState, GRUParts> {
  const name = 'gruCell';
  const resolved = resolve(name, options, 3, ['recurrentActivation', 'resetAfter']);
  const { units, useBias, act, init, dropout } = resolved;
  const ract = gateActivation(name, options);
  const resetAfter = checkedFlag(name, 'resetAfter', options.resetAfter ?? true);
  const bias = useBias ? { shape: resetAfter ? [2, 3 * units] : [3 * units], draw: init.bias } : null;

  const of = layout<GRUParams, GRUState>(name, resolved, { gates: 3, weights: { bias }, states: { h: units } });

  return {
    ...of,
    begin({ kernel: W, recurrentKernel: U, bias: rows }, call) {
      const [b, b_] = rows === undefined ? [] : resetAfter ? unstack(rows) : [rows];
      const [U_zr, U_h] = split(U, [2 * units, units], -1);
      const masks = dropout.masks(call, units, W.backend);
      return {
        xW: product(W, masks.x),
        b,
        hU: product(U, masks.h),
        b_,
        hU_zr: product(U_zr, masks.h.slice(0, 2)),
        hU_h: product(U_h, masks.h.slice(2)),
      };
    },
    project: ({ xW, b }, x) => addBias(xW(x), b),
    step({ hU, b_, hU_zr, hU_h }, xW_b, { h }) {
      const [x_z, x_r, x_h] = split(xW_b, 3, -1);
      let z: Floats;
      let ĥ: Floats;
      if (resetAfter) {
        const [h_z, h_r, h_h] = split(addBias(hU(h), b_), 3, -1);
        z = ract.apply(add(x_z, h_z));
        const r = ract.apply(add(x_r, h_r));
        ĥ = act.apply(add(x_h, mul(r, h_h)));
      } else {
        const [h_z, h_r] = split(hU_zr(h), 2, -1);
        z = ract.apply(add(x_z, h_z));
        const r = ract.apply(add(x_r, h_r));
        ĥ = act.apply(add(x_h, hU_h(mul(r, h))));
      }
      const h_t = add(mul(z, h), mul(sub(1, z), ĥ));
      return [h_t, { h: h_t }];
    },

    ...fusedSequence('gru', of, dropout, { activation: act.name, recurrentActivation: ract.name, resetAfter }, ['h']),
  };
}
