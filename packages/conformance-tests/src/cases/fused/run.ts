/** One recurrence on a backend: its outputs and state, or the gradients of all that goes in. */
import { add, mul, scope, square, sum, valueAndGrad, type Backend, type Tensor } from '@recurra/core';
import { maskOf, type CellName, type CellOptions } from '../../vectors.js';
import { ourCells } from '../cells.js';
import { on } from '../on.js';
import { inputsOf, type Kernel, type Sequence } from './sequences.js';

type Activations = readonly [string, string];

const optionsOf = (fused: Kernel, how: Sequence, activations?: Activations): CellOptions => ({
  units: how.sizes[3],
  useBias: how.bias ?? true,
  ...fused[4],
  ...(activations && {
    activation: activations[0],
    ...(fused[2] !== 'simpleRnn' && { recurrentActivation: activations[1] }),
  }),
});

export function run(backend: Backend, fused: Kernel, how: Sequence, activations?: Activations): Tensor[] {
  return scope(() => {
    const { floats, bools } = on(backend);
    const { params, x, state } = inputsOf(fused, how, floats);
    const result = ourCells.rnn(ourCells.cell(fused[2] as CellName, optionsOf(fused, how, activations)), params, x, {
      mask: how.mask ? bools(maskOf(how.mask)) : null,
      reverse: how.reverse ?? false,
      returnSequences: how.returnSequences ?? false,
      zeroOutputForMask: how.zeroOutputForMask ?? false,
      ...(how.state && { initialState: state }),
    });
    return [result.outputs, ...Object.values(result.state)];
  });
}

/** Five calls on one x: each weight in turn is another tensor than before, and at the end all are the first ones again. */
export function runWithOthers(backend: Backend, fused: Kernel, how: Sequence): Tensor[] {
  return scope(() => {
    const { floats } = on(backend);
    const { params, x } = inputsOf(fused, how, floats);
    const cell = ourCells.cell(fused[2] as CellName, optionsOf(fused, how));
    const others = Object.keys(params).map((name) => ({ ...params, [name]: mul(params[name]!, -0.5) }));
    return [params, ...others, params].map((given) => ourCells.rnn(cell, given, x, {}).outputs);
  });
}

/** L = Σ y² + Σ state. What lies in padding is NaN, and must reach nothing. */
export function gradientsOf(backend: Backend, fused: Kernel, how: Sequence, activations?: Activations): Tensor[] {
  return scope(() => {
    const { floats, bools } = on(backend);
    const inputs = inputsOf(fused, how, floats);
    const cell = ourCells.cell(fused[2] as CellName, optionsOf(fused, how, activations));
    const masked = how.mask ? bools(maskOf(how.mask)) : null;
    const [, grads] = valueAndGrad((given: typeof inputs) => {
      const { outputs, state } = ourCells.rnn(cell, given.params, given.x, {
        mask: masked,
        initialState: given.state,
        reverse: how.reverse ?? false,
        returnSequences: how.returnSequences ?? false,
      });
      return Object.values(state).reduce((total, s) => add(total, sum(s)), sum(square(outputs)));
    })(inputs);
    return [...Object.values(grads.params), ...Object.values(grads.state), grads.x];
  });
}
