/**
 * The short way of a cell that has a fused kernel: a whole sequence in one call. The kernel is handed x, the parameters,
 * the parts of the state and the mask, in this order.
 */
import { applyFused } from '@recurra/core';
import type { FusedSpecOf } from '@recurra/core';
import type { Cell, CellParams, Floats } from './cell.js';
import type { Dropout } from './dropout.js';

type Name = 'simpleRNN' | 'lstm' | 'gru';
type KerasParams = CellParams & { readonly bias?: Floats };

/**
 * @param cell what the layout gave
 * @param spec what the kernel is told of the cell; an activation without a name is a function, which no kernel knows
 * @param states the parts of the state, in the kernel's order
 */
export function fusedSequence<P extends KerasParams, S extends { readonly [part: string]: Floats }>(
  name: Name,
  { units }: Pick<Cell<P, S>, 'units' | 'check'>,
  dropout: Dropout,
  spec: { readonly [option: string]: string | boolean | null },
  states: readonly string[],
): Pick<Cell<P, S>, 'sequence'> {
  if (Object.values(spec).includes(null)) return {};
  return {
    sequence(params, x, state, how) {
      const given = dropout.onInputs(x, how);
      if (given === null) return null;
      const [batch, time, inputs] = x.shape as [number, number, number];
      const { mask, reverse, returnSequences, zeroOutputForMask } = how;
      const dims = { batch, time, inputs, units };
      const y = applyFused(
        name,
        { ...spec, dims, reverse, returnSequences, zeroOutputForMask } as unknown as FusedSpecOf<Name>,
        [
          given,
          params.kernel,
          params.recurrentKernel,
          params.bias ?? null,
          ...states.map((part) => state?.[part] ?? null),
          mask,
        ],
      );
      if (y === null) return null;
      const after = Object.fromEntries(states.map((part, i) => [part, y[i + 1]]));
      return { outputs: y[0] as Floats, state: after as unknown as S };
    },
  };
}
