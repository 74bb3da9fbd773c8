/** Whole recurrences in one call: every option, mask and size, beside the step composed of ops. */
import { add, scope, square, sum, valueAndGrad, type Backend, type FusedName, type Tensor } from '@recurra/core';
import { defineCases, type CaseEntry } from '../../case.js';
import { maskOf, type CellName, type CellOptions } from '../../vectors.js';
import { ourCells } from '../cells.js';
import { on } from '../on.js';
import { both, missing } from './both.js';
import { inputsOf, kernels, masks, specOf, variants, type Kernel, type Sequence } from './sequences.js';

function run(backend: Backend, fused: Kernel, how: Sequence, activations?: readonly [string, string]): Tensor[] {
  return scope(() => {
    const { floats, bools } = on(backend);
    const { params, x, state } = inputsOf(fused, how, floats);
    const options: CellOptions = {
      units: how.sizes[3],
      useBias: how.bias ?? true,
      ...fused[4],
      ...(activations && {
        activation: activations[0],
        ...(fused[2] !== 'simpleRnn' && { recurrentActivation: activations[1] }),
      }),
    };
    const result = ourCells.rnn(ourCells.cell(fused[2] as CellName, options), params, x, {
      mask: how.mask ? bools(maskOf(how.mask)) : null,
      reverse: how.reverse ?? false,
      returnSequences: how.returnSequences ?? false,
      zeroOutputForMask: how.zeroOutputForMask ?? false,
      ...(how.state && { initialState: state }),
    });
    return [result.outputs, ...Object.values(result.state)];
  });
}

const activationNames = [
  'linear',
  'relu',
  'tanh',
  'sigmoid',
  'hardSigmoid',
  'softsign',
  'softplus',
  'elu',
  'silu',
  'gelu',
] as const;

function recurrent(fused: Kernel): Record<string, CaseEntry> {
  const [name, label] = fused;
  const entries: Record<string, CaseEntry> = {};
  for (const [variant, how] of Object.entries(variants)) {
    entries[`${label}/${variant}`] = {
      skip: (backend) => missing(backend, name, specOf(fused, how)),
      wait: (t) => both(t, name, (backend) => run(backend, fused, how)),
    };
  }
  const small: Sequence = { sizes: [2, 3, 2, 3], state: true };
  entries[`${label}/every-activation`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)),
    async wait(t) {
      for (const a of activationNames) {
        for (const b of fused[2] === 'simpleRnn'
          ? (['tanh'] as const)
          : (['sigmoid', 'hardSigmoid', 'tanh'] as const)) {
          if (missing(t.backend, name, specOf(fused, small, [a, b])) !== undefined) continue;
          await both(t, name, (backend) => run(backend, fused, small, [a, b]));
        }
      }
    },
  };
  // Asked twice it answers the same, and what it cannot do it says in words.
  entries[`${label}/accepts`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)),
    run({ backend, same }) {
      const unknown = missing(backend, name, specOf(fused, small, ['noSuchActivation', 'sigmoid']));
      void same(typeof unknown, 'string');
      void same(unknown, missing(backend, name, specOf(fused, small, ['noSuchActivation', 'sigmoid'])));
      void same(missing(backend, name, specOf(fused, small)), undefined);
    },
  };
  entries[`${label}/gradients`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)) ?? withoutVjp(backend, name),
    async wait(t) {
      for (const how of [
        { ...small, returnSequences: true },
        { ...small, sizes: [5, 4, 2, 3], reverse: true, mask: masks },
      ] as Sequence[]) {
        await both(t, name, (backend) => gradientsOf(backend, fused, how));
      }
    },
  };
  return entries;
}

function withoutVjp(backend: Backend, name: FusedName): string | undefined {
  return backend.fused?.[name]?.vjp === undefined
    ? `the fused ${name} of ${backend.name} has no vjp: gradients compose`
    : undefined;
}

function gradientsOf(backend: Backend, fused: Kernel, how: Sequence): Tensor[] {
  return scope(() => {
    const { floats, bools } = on(backend);
    // NaN times a gradient of 0 is NaN: here the padding holds numbers.
    const { mask, ...unmasked } = how;
    const inputs = inputsOf(fused, unmasked, floats);
    const cell = ourCells.cell(fused[2] as CellName, { units: how.sizes[3], ...fused[4] });
    const masked = mask ? bools(maskOf(mask)) : null;
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

export const recurrentCases = defineCases(
  'fused',
  Object.assign({}, ...kernels.map(recurrent)) as Record<string, CaseEntry>,
);
