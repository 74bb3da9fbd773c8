/**
 * The short ways of a cell that has a fused kernel: a whole sequence in one call, and a session for streams. The kernel is
 * handed x, the parameters, the parts of the state and the mask, in this order.
 */
import { applyFused } from '@recurra/core';
import type { FusedSpecOf, RecurrentDims, Tensor } from '@recurra/core';
import type { Cell, CellParams, Floats, SequenceOptions } from './cell.js';
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
): Pick<Cell<P, S>, 'sequence' | 'open' | 'piecewise'> {
  if (Object.values(spec).includes(null)) return { piecewise: true };
  type Switches = Pick<SequenceOptions, 'reverse' | 'returnSequences' | 'zeroOutputForMask'>;
  const specOf = (dims: RecurrentDims, { reverse, returnSequences, zeroOutputForMask }: Switches): FusedSpecOf<Name> =>
    ({ dims, reverse, returnSequences, zeroOutputForMask, ...spec }) as unknown as FusedSpecOf<Name>;
  const weights = ({ kernel, recurrentKernel, bias }: P): (Floats | null)[] => [kernel, recurrentKernel, bias ?? null];
  const named = (parts: readonly Tensor[]): S => Object.fromEntries(states.map((part, i) => [part, parts[i]])) as never;

  return {
    piecewise: true,
    sequence(params, x, state, how) {
      const given = dropout.onInputs(x, how);
      if (given === null) return null;
      const [batch, time, inputs] = x.shape as [number, number, number];
      const before = states.map((part) => state?.[part] ?? null);
      const inputsOf = [given, ...weights(params), ...before, how.mask];
      const made = applyFused(name, specOf({ batch, time, inputs, units }, how), inputsOf);
      return made && { outputs: made[0] as Floats, state: named(made.slice(1)) };
    },
    open(params, batch, openFused) {
      const dims = { batch, time: 1, inputs: params.kernel.shape[0]!, units };
      const step = { reverse: false, returnSequences: false, zeroOutputForMask: false };
      const session = openFused(name, specOf(dims, step), [null, ...weights(params), ...states.map(() => null), null]);
      return (
        session && {
          step: session.step,
          state: () => named(session.state()),
          setState: (state) => session.setState(states.map((part) => state?.[part] ?? null)),
          close: session.close,
        }
      );
    },
  };
}
