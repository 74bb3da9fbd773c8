/** Libraries of cells with one defect each: gates in another order, terms left out, a driver that gets a rule wrong. */
import { clip, concat, add, mul, reshape, scope, slice, split, transpose, zeros, type Tensor } from '@recurra/core';
import { ourCells, type CellLibrary, type Floats, type Named } from '../../src/cases/cells.js';
import type { CellName } from '../../src/vectors.js';
import { driven, type DriverDefect } from './driver.js';
import type { Mutant } from './mutant.js';

type CellMutant = Mutant<() => CellLibrary>;

/** The cells of the suite, given other parameters than they should be. */
function given(
  name: string,
  caughtBy: string,
  of: CellName,
  change: (params: Named, options: { resetAfter?: boolean }) => Named,
): CellMutant {
  return {
    name,
    caughtBy,
    make: () => ({
      cell: ourCells.cell,
      rnn(cell, params, x, options) {
        if (cell.name.toLowerCase() !== `${of}cell`.toLowerCase()) return ourCells.rnn(cell, params, x, options);
        const resetAfter = params['bias']?.rank === 2;
        return scope(() => ourCells.rnn(cell, change(params, { resetAfter }), x, options));
      },
    }),
  };
}

/** The blocks of the last axis in another order. */
const ordered = (params: Named, order: readonly number[]): Named =>
  Object.fromEntries(
    Object.entries(params).map(([name, p]) => {
      const blocks = split(p, order.length, -1);
      return [
        name,
        concat(
          order.map((i) => blocks[i]!),
          p.rank - 1,
        ),
      ];
    }),
  );

const withRecurrent = (params: Named, f: (U: Floats) => Floats): Named => ({
  ...params,
  recurrentKernel: f(params['recurrentKernel']!),
});

/** Every gate's [u, u] block turned around. */
function transposedBlocks(U: Floats): Floats {
  const u = U.shape[0]!;
  return concat(
    split(U, U.shape[1]! / u, -1).map((block) => transpose(block)),
    1,
  );
}

const nothing = (x: Tensor<'float32'>): Floats => zeros(x.shape, { backend: x.backend });

function driver(defect: DriverDefect, caughtBy: string): CellMutant {
  return { name: defect, caughtBy, make: () => driven(defect) };
}

export const brokenCells: readonly CellMutant[] = [
  given('lstm: i and o swapped', 'cells/lstm/last-output', 'lstm', (p) => ordered(p, [3, 1, 2, 0])),
  given('lstm: f and c swapped', 'cells/lstm/last-output', 'lstm', (p) => ordered(p, [0, 2, 1, 3])),
  given('lstm: i and f swapped', 'cells/lstm/last-output', 'lstm', (p) => ordered(p, [1, 0, 2, 3])),
  given('gru: z and r swapped', 'cells/gru/last-output', 'gru', (p) => ordered(p, [1, 0, 2])),
  given('simpleRNN: recurrent kernel transposed', 'cells/simple-rnn/last-output', 'simpleRnn', (p) =>
    withRecurrent(p, transposedBlocks),
  ),
  given('lstm: recurrent kernel transposed', 'cells/lstm/last-output', 'lstm', (p) =>
    withRecurrent(p, transposedBlocks),
  ),
  given('gru: recurrent kernel transposed', 'cells/gru/last-output', 'gru', (p) => withRecurrent(p, transposedBlocks)),
  given('simpleRNN: recurrence dropped', 'cells/simple-rnn/last-output', 'simpleRnn', (p) => withRecurrent(p, nothing)),
  given('lstm: bias dropped', 'cells/lstm/last-output', 'lstm', (p) =>
    p['bias'] ? { ...p, bias: nothing(p['bias']) } : p,
  ),
  given('gru: both bias rows outside the reset', 'cells/gru/last-output', 'gru', (p, { resetAfter }) => {
    if (!resetAfter) return p;
    const [input, state] = [slice(p['bias']!, [0], [1]), slice(p['bias']!, [1], [1])];
    return { ...p, bias: reshape(concat([add(input, state), nothing(input)], 0), p['bias']!.shape) };
  }),
  {
    name: 'gru: reset before where it should be after',
    caughtBy: 'cells/gru/last-output',
    make: () => ({
      ...ourCells,
      cell: (name, options) => ourCells.cell(name, name === 'gru' ? { ...options, resetAfter: false } : options),
      rnn(cell, params, x, options) {
        if (params['bias']?.rank !== 2) return ourCells.rnn(cell, params, x, options);
        const bias = scope(() => add(slice(params['bias']!, [0], [1]), slice(params['bias']!, [1], [1])));
        return scope(() => ourCells.rnn(cell, { ...params, bias: reshape(bias, [bias.size]) }, x, options));
      },
    }),
  },
  {
    name: 'hardSigmoid of Keras 2: 0.2 x + 0.5',
    caughtBy: 'cells/lstm/relu-hard-sigmoid',
    make: () => ({
      ...ourCells,
      cell: (name, options) =>
        ourCells.cell(
          name,
          options['recurrentActivation'] === 'hardSigmoid'
            ? { ...options, recurrentActivation: (x: Floats) => clip(add(mul(x, 0.2), 0.5), 0, 1) }
            : options,
        ),
    }),
  },
  driver('mask by multiplication', 'cells/simple-rnn/masked-left'),
  driver('masked outputs before the first valid one are h0', 'cells/simple-rnn/masked-left'),
  driver('a masked step keeps h but not c', 'cells/lstm/masked-left'),
  driver('a masked step does not keep the state', 'cells/simple-rnn/masked-left'),
  driver('reverse does not reverse the mask', 'cells/simple-rnn/masked-left-reverse'),
  driver('reverse gives processing order', 'cells/simple-rnn/reverse'),
  driver('zeroOutputForMask is ignored', 'cells/simple-rnn/zero-output'),
  driver('the last output is that of the last step, valid or not', 'cells/simple-rnn/masked-last-output'),
  driver('no gradient through the state', 'cells/simple-rnn/gradients'),
  driver('the initial state is ignored', 'cells/simple-rnn/initial-state'),
];
