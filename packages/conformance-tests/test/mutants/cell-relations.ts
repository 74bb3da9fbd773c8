/** Libraries of cells that go wrong beside their equations: in defaults, in what is drawn, in gradients of padding. */
import { gruCell, lstmCell, minimalGatedCell, stackedRNNCells, type Cell } from '@recurra/cells';
import { concat, split } from '@recurra/core';
import type { CellFactories } from '../../src/cases/cell-relations.js';
import type { Floats } from '../../src/cases/on.js';
import { driven } from './driver.js';
import type { Mutant } from './mutant.js';

type Broken = Partial<CellFactories>;
const cells = (name: string, caughtBy: string, library: Broken): Mutant<() => Broken> => ({
  name,
  caughtBy: `cells/${caughtBy}`,
  make: () => library,
});

/** What should be dropped from the state on its way to the candidate, in the place of what the gate drops. */
function sharing(cell: ReturnType<typeof minimalGatedCell>): ReturnType<typeof minimalGatedCell> {
  return {
    ...cell,
    begin(params, call) {
      const [U_f, U_h] = split(params.recurrentKernel, 2, -1) as [Floats, Floats];
      const { hU_f } = cell.begin({ ...params, recurrentKernel: concat([U_h, U_f], -1) }, call);
      return { ...cell.begin(params, call), hU_h: hU_f };
    },
  };
}

export const brokenCellRelations: readonly Mutant<() => Broken>[] = [
  cells('what the padding holds reaches gradients as 0 times itself', 'simple-rnn/gradients-behind-a-mask', {
    rnn: driven('none').rnn as unknown as CellFactories['rnn'],
  }),
  cells('no activation is taken for the default', 'activation-null', {
    lstmCell: (options) => lstmCell({ ...options, activation: options.activation ?? 'tanh' }),
  }),
  cells('no activation of the gates is taken for the default', 'activation-null', {
    gruCell: (options) => gruCell({ ...options, recurrentActivation: options.recurrentActivation ?? 'sigmoid' }),
  }),
  cells('both products of a minimal gated cell share a mask', 'minimal/a-mask-for-each-product', {
    minimalGatedCell: (options) => sharing(minimalGatedCell(options)),
  }),
  cells('a stack counts the draws of its first cell alone', 'stacked/draws', {
    stackedRNNCells: ((stack: readonly Cell[]) => ({
      ...stackedRNNCells(stack),
      draws: stack[0]!.draws,
    })) as CellFactories['stackedRNNCells'],
  }),
  cells('the gate that forgets begins like the others', 'lstm/unit-forget-bias', {
    lstmCell: (options) => lstmCell({ unitForgetBias: false, ...options }),
  }),
  cells('its bias begins open whatever is asked', 'lstm/unit-forget-bias', {
    lstmCell: (options) => lstmCell({ ...options, unitForgetBias: true }),
  }),
  cells('kernels are drawn from a normal distribution', 'lstm/initial-kernels', {
    lstmCell: (options) => lstmCell({ kernelInitializer: 'glorotNormal', ...options }),
  }),
  cells('recurrent kernels are drawn like the others', 'lstm/initial-kernels', {
    lstmCell: (options) => lstmCell({ recurrentInitializer: 'glorotUniform', ...options }),
  }),
];
