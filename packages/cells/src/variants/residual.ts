/**
 * A cell with a way around it: y_t = cell(x_t) + x_t
 *
 * He et al. 2016; between recurrent layers, Wu et al. 2016; tf.nn.RNNCellResidualWrapper
 *
 * The cell's own state does not see the sum. Its units must be the features of x. x travels with the step it belongs to,
 * as more columns of z.
 */
import { add, concat, reshape, scope, ShapeError, slice, split, type Tree } from '@recurra/core';
import type { Cell, CellSession, Floats } from '../cell.js';
import { sequence } from '../rnn.js';
import { checkCell } from '../checks.js';

/**
 *     const stack = stackedRNNCells([lstmCell({ units: 64 }), residual(lstmCell({ units: 64 }))]);
 *
 * @throws ArgumentError unless it is a cell; when used, ShapeError unless x has as many features as the output
 */
export function residual<P extends Tree, S extends Tree>(cell: Cell<P, S>): Cell<P, S> {
  checkCell('residual', cell);
  const { units, draws } = cell;
  const name = `residual(${cell.name})`;
  const checkFeatures = (inputs: number): void => {
    if (inputs === units) return;
    const facts = { 'features of x': inputs, units };
    throw new ShapeError(name, `${inputs} features of x cannot be added to ${units}`, facts, `units: ${inputs}`);
  };

  return {
    name,
    units,
    draws,
    init: (inputs, options) =>
      scope(() => {
        const params = cell.init(inputs, options);
        checkFeatures(inputs);
        return params;
      }),
    inputs: (params) => cell.inputs(params),
    initialState: (params, batch) => cell.initialState(params, batch),
    check(params, given, state) {
      cell.check(params, given, state);
      checkFeatures(given.inputs);
    },
    begin: (params, call) => cell.begin(params, call),
    project: (q, x) => concat([cell.project(q, x), x], -1),
    step(q, z_x, state) {
      const [z, x] = split(z_x, [z_x.shape.at(-1)! - units, units], -1);
      const [y, after] = cell.step(q, z, state);
      return [add(y, x), after];
    },

    sequence(params, x, state, how) {
      // A masked step repeats the sum of the step before it, which the cell's own outputs do not tell.
      if (how.mask !== null) return null;
      if (cell.sequence === undefined) return null;
      const made = sequence(cell, params, x, state, how);
      const [batch, time] = x.shape as [number, number, number];
      const last = (): Floats => reshape(slice(x, [0, how.reverse ? 0 : time - 1], [-1, 1]), [batch, units]);
      return { outputs: add(made.outputs, how.returnSequences ? x : last()), state: made.state };
    },
    open(params, batch, openFused) {
      const session = cell.open?.(params, batch, openFused);
      return session ? around(session, new Float32Array(batch * units)) : null;
    },
  };
}

/** @param x holds the frame: it may be the array that the output goes to */
function around<S>(session: CellSession<S>, x: Float32Array): CellSession<S> {
  return {
    step(frame, out) {
      x.set(frame);
      session.step(frame, out);
      for (let i = 0; i < x.length; i++) out[i] = out[i]! + x[i]!;
    },
    state: () => session.state(),
    setState: (state) => session.setState(state),
    close: () => session.close(),
  };
}
