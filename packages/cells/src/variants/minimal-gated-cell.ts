/**
 * f   = ract( x_t·W_f + b_f + h_{t−1}·U_f )
 * ĥ   = act( x_t·W_h + b_h + (f ⊙ h_{t−1})·U_h )
 * h_t = (1 − f) ⊙ h_{t−1} + f ⊙ ĥ          f lets the new in: the one gate does the work of both of a GRU's
 *
 * Zhou et al. 2016
 *
 * The output is h_t.
 */
import { add, mul, split, sub } from '@recurra/core';
import { gateActivation, resolve, type GatedCellOptions } from '../cell-options.js';
import type { Cell, CellParams, Floats } from '../cell.js';
import { product } from '../dropout.js';
import { addBias, layout } from '../layout.js';

/** Options of `minimalGatedCell`. */
export type MinimalGatedOptions = GatedCellOptions;
/** Parameters of `minimalGatedCell`; blocks f, h. */
export type MinimalGatedParams = CellParams & {
  /** [2·units] */
  readonly bias?: Floats;
};
/** The state of `minimalGatedCell`. */
export type MinimalGatedState = {
  /** [B, units] */
  readonly h: Floats;
};

interface Parts {
  readonly xW: (x: Floats) => Floats;
  readonly b: Floats | undefined;
  readonly hU_f: (h: Floats) => Floats;
  readonly hU_h: (h: Floats) => Floats;
}

/**
 * A GRU with one gate in place of two.
 *
 * @throws ArgumentError for units below 1, unknown names, rates outside [0, 1]
 */
export function minimalGatedCell(options: MinimalGatedOptions): Cell<MinimalGatedParams, MinimalGatedState, Parts> {
  const name = 'minimalGatedCell';
  const resolved = resolve(name, options, 2, ['recurrentActivation']);
  const { units, useBias, act, init, dropout } = resolved;
  const ract = gateActivation(name, options);
  const weights = { bias: useBias ? { shape: [2 * units], draw: init.bias } : null };

  return {
    ...layout<MinimalGatedParams, MinimalGatedState>(name, resolved, { gates: 2, weights, states: { h: units } }),
    begin({ kernel: W, recurrentKernel: U, bias: b }, call) {
      const masks = dropout.masks(call, units, W.backend);
      const [U_f, U_h] = split(U, 2, -1);
      return {
        xW: product(W, masks.x),
        b,
        hU_f: product(U_f, masks.h.slice(0, 1)),
        hU_h: product(U_h, masks.h.slice(1)),
      };
    },
    project: ({ xW, b }, x) => addBias(xW(x), b),
    step({ hU_f, hU_h }, xW_b, { h }) {
      const [x_f, x_h] = split(xW_b, 2, -1);
      const f = ract.apply(add(x_f, hU_f(h)));
      const ĥ = act.apply(add(x_h, hU_h(mul(f, h))));
      const h_t = add(mul(sub(1, f), h), mul(f, ĥ));
      return [h_t, { h: h_t }];
    },
  };
}
