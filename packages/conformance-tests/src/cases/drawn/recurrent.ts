/** A cell over a sequence, all options by chance: outputs, state, and the gradients of everything that goes in. */
import { add, mul, sum, valueAndGrad, type Tensor } from '@recurra/core';
import { maskOf, type CellName, type CellOptions } from '../../vectors.js';
import { hideMasked, ourCells, type Floats, type Named } from '../cells.js';
import { on } from '../on.js';
import type { Problem } from './beside-reference.js';

const gates = { simpleRnn: 1, lstm: 4, gru: 3 };

export const recurrent =
  (kind: CellName, own: object = {}): Problem =>
  (draw) => {
    const [batch, time, features] = [draw.whole(1, 4), draw.whole(1, 5), draw.whole(1, 4)];
    const units = draw.of([1, 2, 3, 5, 9]);
    const options: CellOptions = {
      ...own,
      units,
      useBias: draw.coin(),
      activation: draw.coin() ? 'tanh' : draw.of(['sigmoid', 'softsign', 'elu']),
      ...(kind !== 'simpleRnn' && { recurrentActivation: draw.coin() ? 'sigmoid' : 'hardSigmoid' }),
    };
    const mask = draw.coin()
      ? null
      : Array.from({ length: batch }, () => Array.from({ length: time }, () => draw.whole(0, 1)).join(''));
    const how = { reverse: draw.coin(), returnSequences: draw.coin(), zeroOutputForMask: draw.coin() };
    const wide = gates[kind] * units;
    // About as large as glorotUniform and orthogonal draw them.
    const scale = Math.min(1, 2 / Math.sqrt(features + units));
    const kernel = draw.numbers([features, wide], scale);
    const recurrentKernel = draw.numbers([units, wide], scale);
    const rows = kind === 'gru' && !('resetAfter' in own) ? [2, wide] : [wide];
    const bias = draw.numbers(rows, 0.5);
    const x = draw.numbers([batch, time, features]);
    const parts = kind === 'lstm' ? ['h', 'c'] : ['h'];
    const initial = draw.coin() ? parts.map(() => draw.numbers([batch, units])) : null;
    const cotangents = [
      draw.numbers(how.returnSequences ? [batch, time, units] : [batch, units]),
      ...parts.map(() => draw.numbers([batch, units])),
    ];
    return (backend) => {
      const { floats, bools } = on(backend);
      const cell = ourCells.cell(kind, options);
      const masked = mask && bools(maskOf(mask));
      const inputs = {
        params: {
          kernel: floats(kernel),
          recurrentKernel: floats(recurrentKernel),
          ...(options['useBias'] === true && { bias: floats(bias) }),
        } as Named,
        x: floats(x),
        ...(initial && { state: Object.fromEntries(parts.map((part, i) => [part, floats(initial[i]!)])) }),
      };
      const run = (given: typeof inputs): Floats[] => {
        const state = given.state && { initialState: given.state };
        const made = ourCells.rnn(cell, given.params, given.x, { ...how, mask: masked, ...state });
        return [made.outputs, ...parts.map((part) => made.state[part]!)];
      };
      const hidden = Float64Array.from(x.data);
      if (mask) hideMasked(hidden, [batch, time, features], mask);
      const outputs = run({ ...inputs, x: floats({ shape: x.shape, data: hidden }) });
      const g = cotangents.map(floats);
      // NaN times a gradient of 0 is NaN: here the padding holds numbers.
      const [, grads] = valueAndGrad((given: typeof inputs) =>
        run(given)
          .map((y, i) => sum(mul(y, g[i]!)))
          .reduce((total, term) => add(total, term)),
      )(inputs);
      return [...outputs, ...Object.values(grads.params), grads.x, ...Object.values(grads.state ?? {})] as Tensor[];
    };
  };
