/**
 * Several cells as one: within a time step each takes the output of the one before it.
 *
 * y⁰_t = x_t;   (yᵏ_t, sᵏ_t) = cellₖ(yᵏ⁻¹_t, sᵏ_{t−1});   the output is that of the last          keras.layers.StackedRNNCells
 *
 * Over a whole sequence that is layer after layer: where a step is masked no cell's state moves, so what a cell sees
 * there does not matter.
 */
import { ArgumentError, scope, type Tree } from '@recurra/core';
import type { Cell, CellSession, SequenceOptions } from './cell.js';
import { checkCell } from './checks.js';
import { sequence } from './rnn.js';

/** The parameters of each cell, in their order. */
export type StackedParams<C extends readonly Cell[]> = {
  readonly [K in keyof C]: C[K] extends Cell<infer P, Tree> ? P : never;
};
/** The state of each cell, in their order. */
export type StackedState<C extends readonly Cell[]> = {
  readonly [K in keyof C]: C[K] extends Cell<Tree, infer S> ? S : never;
};

/**
 *     const cell = stackedRNNCells([lstmCell({ units: 64 }), gruCell({ units: 32 })]);
 *     const params = cell.init(12); //                         [the LSTM's, the GRU's]
 *     const { outputs, state: [lstm, gru] } = rnn(cell, params, x);
 *
 * Each cell keeps its own dropout and its own sequence of masks.
 *
 * @throws ArgumentError unless there is at least one cell, and all are cells
 */
export function stackedRNNCells<const C extends readonly Cell[]>(cells: C): Cell<StackedParams<C>, StackedState<C>> {
  const name = 'stackedRNNCells';
  if (!Array.isArray(cells) || cells.length === 0) {
    throw new ArgumentError(name, 'needs a list of cells', { cells }, `${name}([lstmCell({ units: 64 })])`);
  }
  for (const cell of cells) checkCell(name, cell);
  const stack: Stack = [...(cells as Stack)];
  const stacked: Cell<Trees, Trees, readonly unknown[]> = {
    name,
    units: stack.at(-1)!.units,
    draws: stack.reduce((sum, { draws }) => sum + draws, 0),
    init: (inputs, options) => scope(() => stack.map((cell, k) => cell.init(inputsOf(stack, k, inputs), options))),
    inputs(params) {
      checkList(name, 'params', params, stack.length);
      return stack[0]!.inputs(params[0]);
    },
    initialState(params, batch) {
      checkList(name, 'params', params, stack.length);
      return stack.map((cell, k) => cell.initialState(params[k], batch));
    },
    check(params, { batch, inputs }, state) {
      checkList(name, 'params', params, stack.length);
      if (state !== undefined) checkList(name, 'initialState', state, stack.length);
      stack.forEach((cell, k) => cell.check(params[k], { batch, inputs: inputsOf(stack, k, inputs) }, state?.[k]));
    },
    begin: (params, call) =>
      stack.map((cell, k) => cell.begin(params[k], { ...call, inputs: inputsOf(stack, k, call.inputs) })),
    project: (q, x) => stack[0]!.project(q[0], x),
    step(q, z, state) {
      let y = z;
      const after = stack.map((cell, k) => {
        const [output, next] = cell.step(q[k], k === 0 ? z : cell.project(q[k], y), state[k]);
        y = output;
        return next;
      });
      return [y, after];
    },
    sequence(params, x, state, how) {
      const inner: SequenceOptions = { ...how, returnSequences: true, zeroOutputForMask: false };
      let outputs = x;
      const after = stack.map((cell, k) => {
        const last = k === stack.length - 1;
        const layer = sequence(cell, params[k], outputs, state?.[k], last ? how : inner);
        outputs = layer.outputs;
        return layer.state;
      });
      return { outputs, state: after };
    },
    open(params, batch, openFused) {
      const sessions: CellSession<Tree>[] = [];
      const stop = (): null => {
        sessions.forEach((one) => one.close());
        return null;
      };
      try {
        for (const [k, cell] of stack.entries()) {
          const session = cell.open?.(params[k], batch, openFused);
          if (!session) return stop();
          sessions.push(session);
        }
      } catch (error) {
        stop();
        throw error;
      }
      return chained(
        sessions,
        stack.map(({ units }) => new Float32Array(batch * units)),
      );
    },
  };
  return stacked as unknown as Cell<StackedParams<C>, StackedState<C>>;
}

type Stack = readonly Cell[];
type Trees = readonly Tree[];

/** The features that cell k sees. */
function inputsOf(stack: Stack, k: number, inputs: number): number {
  return k === 0 ? inputs : stack[k - 1]!.units;
}

/** Each session writes into the buffer that the next one reads. */
function chained(sessions: readonly CellSession<Tree>[], between: readonly Float32Array[]): CellSession<Trees> {
  const last = sessions.length - 1;
  return {
    step(frame, out) {
      for (let k = 0; k <= last; k++) {
        sessions[k]!.step(k === 0 ? frame : between[k - 1]!, k === last ? out : between[k]!);
      }
    },
    state: () => sessions.map((session) => session.state()),
    setState: (state) => sessions.forEach((session, k) => session.setState(state?.[k])),
    close: () => sessions.forEach((session) => session.close()),
  };
}

function checkList(op: string, role: string, value: unknown, length: number): void {
  if (Array.isArray(value) && value.length === length) return;
  const got = Array.isArray(value) ? value.length : value;
  const facts = { [role]: got, cells: length };
  throw new ArgumentError(
    op,
    `${role} must be a list with one entry for each cell`,
    facts,
    'one for each, in the order of the cells',
  );
}
