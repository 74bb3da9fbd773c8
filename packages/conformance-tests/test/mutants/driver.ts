/** A driver of cells over time, written once more with switches: without a defect it passes every case of the suite. */
import type { AnyCell, CellLibrary, Floats, Named } from '../../src/cases/cells.js';
import { ourCells } from '../../src/cases/cells.js';
import {
  add,
  cast,
  mul,
  reshape,
  scope,
  slice,
  stack,
  stopGradient,
  sub,
  where,
  zeros,
  type Tensor,
} from '@recurra/core';

export type DriverDefect =
  | 'none'
  | 'mask by multiplication'
  | 'masked outputs before the first valid one are h0'
  | 'a masked step keeps h but not c'
  | 'a masked step does not keep the state'
  | 'reverse does not reverse the mask'
  | 'reverse gives processing order'
  | 'zeroOutputForMask is ignored'
  | 'the last output is that of the last step, valid or not'
  | 'no gradient through the state'
  | 'the initial state is ignored';

export function driven(defect: DriverDefect): CellLibrary {
  const is = (other: DriverDefect): boolean => defect === other;
  return {
    cell: ourCells.cell,
    rnn: (cell: AnyCell, params: Named, x: Floats, options) =>
      scope(() => {
        const [batch, time, inputs] = x.shape as [number, number, number];
        const { reverse = false, returnSequences = false, zeroOutputForMask = false } = options;
        const mask = options.mask == null ? null : cast(reshape(options.mask as Tensor, [batch, time]), 'bool');
        cell.check(params, { batch, inputs }, options.initialState);
        const q = cell.begin(params, { batch, inputs, dropoutCounter: null });
        let state: Named =
          (!is('the initial state is ignored') && options.initialState) || cell.initialState(params, batch);
        // Results are tensors of their own, whatever they share.
        state = mapNamed(state, (s) => reshape(s, s.shape) as Floats);
        const zero = zeros([batch, cell.units], { backend: x.backend });
        let previous = is('masked outputs before the first valid one are h0') ? state['h']! : zero;
        const outputs: Floats[] = [];
        for (let n = 0; n < time; n++) {
          const t = reverse ? time - 1 - n : n;
          const x_t = reshape(slice(x, [0, t], [-1, 1]), [batch, inputs]);
          const before = is('no gradient through the state') ? mapNamed(state, (s) => stopGradient(s)) : state;
          const [y, next] = cell.step(q, cell.project(q, x_t), before);
          if (mask === null) {
            [state, previous] = [next, y];
            outputs.push(y);
            continue;
          }
          const at = reverse && is('reverse does not reverse the mask') ? time - 1 - t : t;
          const valid = slice(mask, [0, at], [-1, 1]);
          const choose = (a: Floats, b: Floats): Floats => {
            if (!is('mask by multiplication')) return where(valid, a, b);
            const m = cast(valid, 'float32');
            return add(mul(m, a), mul(sub(1, m), b));
          };
          const repeated =
            is('the last output is that of the last step, valid or not') && !returnSequences ? y : choose(y, previous);
          outputs.push(zeroOutputForMask && !is('zeroOutputForMask is ignored') ? choose(y, zero) : repeated);
          const kept = (name: string): boolean =>
            !is('a masked step does not keep the state') && !(name === 'c' && is('a masked step keeps h but not c'));
          state = Object.fromEntries(
            Object.entries(next).map(([name, s]) => [name, kept(name) ? choose(s, state[name]!) : s]),
          );
          previous = repeated;
        }
        const last = outputs[time - 1]!;
        if (reverse && !is('reverse gives processing order')) outputs.reverse();
        return { outputs: returnSequences ? stack(outputs, 1) : last, state };
      }),
  };
}

function mapNamed(tree: Named, f: (x: Floats) => Floats): Named {
  return Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, f(x)]));
}
