/**
 * A cell whose state now and then stays as it was. For each part s of the state, with ŝ_t what the cell makes of it:
 *
 * training     s_t = d_t ⊙ s_{t−1} + (1 − d_t) ⊙ ŝ_t,  d_t of 0 and 1, 1 with probability z, for each step, row and unit
 * inference    s_t = z ⊙ s_{t−1} + (1 − z) ⊙ ŝ_t       the expected value
 *
 * Krueger et al. 2017
 *
 * The output is h_t. What the cell makes of h comes from its own ĉ_t, not from the c_t that is kept.
 *
 * A call draws one mask [B, T, features] for each part, with Keras's generator: d is 1 where `keras.random.dropout` drops.
 * They travel with the steps they belong to, as more columns of z. Hence a step that is projected alone, as a stack's
 * inner layers are inside another wrapper, has the masks of step 0: wrap cells, then stack them.
 */
import {
  add,
  ArgumentError,
  cast,
  checkOptions,
  concat,
  isTensor,
  mul,
  scope,
  split,
  tensor,
  where,
  type Tree,
} from '@recurra/core';
import { dropoutMask } from '@recurra/core/random';
import type { Call, Cell, Floats } from '../cell.js';
import { checkCell } from '../checks.js';
import { checkedSeed } from '../dropout.js';

type Parts = { readonly [part: string]: Floats };

/** Options of `zoneout`. */
export interface ZoneoutOptions<S> {
  /** How often each part of the state stays, from 0 to 1: `{ h: 0.05, c: 0.5 }`. A part without a rate never does. */
  readonly rates: { readonly [part in keyof S]?: number };
  /** Seeds the masks, and nothing else. Without one, `setRandomSeed` decides. */
  readonly seed?: number | null;
}

/**
 *     const cell = zoneout(lstmCell({ units: 64 }), { rates: { h: 0.05, c: 0.5 }, seed: 42 });
 *     rnn(cell, cell.init(12), x, { training: true, dropoutCounter: 0 });
 *
 * @param cell one whose output is the h of its state; wrap the innermost
 * @throws ArgumentError for rates outside [0, 1], and of parts that the state does not have
 */
export function zoneout<P extends Tree, S extends Parts>(
  cell: Cell<P, S>,
  options: ZoneoutOptions<NoInfer<S>>,
): Cell<P, S> {
  checkCell('zoneout', cell);
  checkOptions('zoneout', options, ['rates', 'seed']);
  const name = `zoneout(${cell.name})`;
  const rates = Object.entries(checkedRates(name, options.rates)).filter(([, z]) => z > 0);
  const seed = checkedSeed(name, options.seed, '{ rates: { h: 0.1 }, seed: 42 }');

  /** The features of each part that may stay. */
  const widthsOf = (params: P, batch: number): number[] =>
    scope(() => {
      const state = cell.initialState(params, batch);
      return rates.map(([part]) => {
        const width = isTensor(state[part]) ? state[part].shape.at(-1) : undefined;
        if (width !== undefined) return width;
        const hint = `the parts are ${Object.keys(state).join(', ')}; wrap the cells of a stack one by one`;
        throw new ArgumentError(name, `the state has no part '${part}'`, { rates: rates.map(([key]) => key) }, hint);
      });
    });

  type Q = { readonly q: unknown; readonly call: Call; readonly widths: readonly number[] };
  const zoned: Cell<P, S, Q> = {
    name,
    units: cell.units,
    draws: cell.draws + rates.length,
    init: (inputs, how) => cell.init(inputs, how),
    inputs: (params) => cell.inputs(params),
    initialState: (params, batch) => cell.initialState(params, batch),
    check(params, inputs, state) {
      cell.check(params, inputs, state);
      widthsOf(params, 1);
    },

    begin: (params, call) => ({ q: cell.begin(params, call), call, widths: widthsOf(params, call.batch) }),
    project({ q, call, widths }, x) {
      const z = cell.project(q, x);
      if (call.dropoutCounter === null || rates.length === 0) return z;
      const first = call.dropoutCounter * rates.length;
      const masks = rates.map(([, rate], n) => {
        const shape = [...x.shape.slice(0, -1), widths[n]!];
        const stays = dropoutMask([seed, first + n], shape, rate).map((m) => (m === 0 ? 1 : 0));
        return tensor(stays, shape, { backend: x.backend });
      });
      return concat([z, ...masks], -1);
    },
    step({ q, call, widths }, z_d, state) {
      const training = call.dropoutCounter !== null && rates.length > 0;
      const own = z_d.shape.at(-1)! - widths.reduce((sum, width) => sum + width, 0);
      const [z, ...d] = training ? split(z_d, [own, ...widths], -1) : [z_d];
      const [y, after] = cell.step(q, z!, state);
      if (y !== after['h']) {
        const hint = 'wrap the innermost cell: residual(zoneout(cell, …))';
        throw new ArgumentError(name, 'the output of the cell is not the h of its state', {}, hint);
      }
      const next = { ...after } as Record<string, Floats>;
      rates.forEach(([part, rate], n) => {
        const [stays, goes] = [state[part]!, after[part]!];
        next[part] = training ? where(cast(d[n]!, 'bool'), stays, goes) : add(mul(stays, rate), mul(goes, 1 - rate));
      });
      return [next['h']!, next as S];
    },
  };
  return zoned as Cell<P, S>;
}

function checkedRates(name: string, rates: unknown): Record<string, number> {
  const hint = '{ rates: { h: 0.05, c: 0.5 } }';
  if (rates === null || typeof rates !== 'object' || Array.isArray(rates)) {
    throw new ArgumentError(name, 'rates must be an object', { rates }, hint);
  }
  for (const [part, rate] of Object.entries(rates)) {
    if (typeof rate === 'number' && rate >= 0 && rate <= 1) continue;
    throw new ArgumentError(name, `the rate of ${part} must be from 0 to 1`, { [part]: rate }, hint);
  }
  return rates as Record<string, number>;
}
