/** Each fused kernel of the backend against the composed path of the same backend. */
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell, type RNNOptions } from '@recurra/cells';
import { leaves, scope, softmax, type ActivationName, type Backend, type FusedName, type Tree } from '@recurra/core';
import { defineCases, type Case, type CaseEntry } from '../case.js';
import { withoutFused } from '../decorate.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

type Make = (options: { activation: ActivationName; recurrentActivation: ActivationName; useBias: boolean; units: number }) => Cell<Tree, Tree>;

const cells: Readonly<Record<string, { fused: 'simpleRNN' | 'lstm' | 'gru'; gates: number; biasRows: number; state: readonly string[]; make: Make }>> = {
  'simple-rnn': {
    fused: 'simpleRNN',
    gates: 1,
    biasRows: 1,
    state: ['h'],
    make: ({ recurrentActivation: _, ...options }) => simpleRNNCell(options) as unknown as Cell<Tree, Tree>,
  },
  lstm: { fused: 'lstm', gates: 4, biasRows: 1, state: ['h', 'c'], make: (options) => lstmCell(options) as unknown as Cell<Tree, Tree> },
  gru: { fused: 'gru', gates: 3, biasRows: 2, state: ['h'], make: (options) => gruCell(options) as unknown as Cell<Tree, Tree> },
  'gru-reset-before': {
    fused: 'gru',
    gates: 3,
    biasRows: 1,
    state: ['h'],
    make: (options) => gruCell({ ...options, resetAfter: false }) as unknown as Cell<Tree, Tree>,
  },
};

/** Sizes that reach the edges of blocks: one unit, odd ones, one more than a power of two; one step, one row. */
const shapes: Readonly<Record<string, readonly [batch: number, time: number, inputs: number, units: number]>> = {
  small: [2, 4, 3, 5],
  'one-of-each': [1, 1, 1, 1],
  odd: [3, 5, 7, 17],
  'one-row': [1, 6, 2, 9],
};

const ways: Readonly<Record<string, { mask?: boolean; state?: boolean } & Pick<RNNOptions<Tree>, 'reverse' | 'returnSequences' | 'zeroOutputForMask'>>> = {
  plain: { returnSequences: true },
  last: {},
  masked: { mask: true, state: true, returnSequences: true },
  'masked-zero': { mask: true, zeroOutputForMask: true, returnSequences: true },
  'masked-last': { mask: true, state: true },
  reverse: { reverse: true, state: true, returnSequences: true },
  'reverse-masked': { reverse: true, mask: true, state: true, returnSequences: true },
};

/** One sequence twice on one backend: through its kernel, and with a cell that does not ask for it. */
function twice(
  backend: Backend,
  name: string,
  shape: string,
  way: string,
  [activation, recurrentActivation]: readonly [ActivationName, ActivationName] = ['tanh', 'sigmoid'],
  useBias = true,
): readonly [fused: Floats[], composed: Floats[]] {
  const { floats, bools } = on(backend);
  const { gates, biasRows, state, make } = cells[name]!;
  const [batch, time, inputs, units] = shapes[shape]!;
  const { mask, state: given, ...options } = ways[way]!;
  const cell = make({ activation, recurrentActivation, useBias, units });
  const width = gates * units;
  const params = {
    kernel: floats(random(11, [inputs, width], 0.5)),
    recurrentKernel: floats(random(12, [units, width], 0.5)),
    ...(useBias && { bias: floats(random(13, biasRows === 2 ? [2, width] : [width])) }),
  };
  const valid = Array.from({ length: batch * time }, (_, step) => (step * 3 + ((step * step) % 4)) % 3 !== 0);
  const x = random(14, [batch, time, inputs]);
  // What is masked must not matter.
  if (mask) valid.forEach((ok, step) => !ok && x.data.fill(NaN, step * inputs, (step + 1) * inputs));
  const how: RNNOptions<Tree> = {
    ...options,
    ...(mask && { mask: bools({ shape: [batch, time], data: valid.map(Number) }) }),
    ...(given && { initialState: Object.fromEntries(state.map((key, i) => [key, floats(random(15 + i, [batch, units]))])) }),
  };
  const { fused, ...composed } = cell;
  if (fused === undefined) throw new Error(`${name} does not ask for a fused kernel`);
  const both = [cell, composed].map((c) => rnn(c as Cell<Tree, Tree>, params, floats(x), how));
  return both.map(({ outputs, state: s }) => [outputs, ...(leaves(s) as Floats[])]) as [Floats[], Floats[]];
}

/** The case: skipped where the backend has no such kernel, failed where it declines what it should know. */
function equal(fused: FusedName, make: (backend: Backend) => readonly [fused: Floats[], composed: Floats[]]): CaseEntry {
  return {
    skip: (backend) => (backend.fused?.[fused] === undefined ? `it has no fused ${fused}` : undefined),
    async wait(t) {
      const [ours, expected] = scope(() => make(t.backend));
      for (const [i, e] of expected.entries()) {
        await t.close(ours[i]!, { shape: e.shape, data: await e.raw() }, { factor: 2, because: 'both sides round' });
      }
      for (const x of [...ours, ...expected]) x.dispose();
    },
  };
}

const activations: readonly ActivationName[] = ['sigmoid', 'relu', 'linear', 'hardSigmoid', 'softsign', 'elu', 'gelu', 'hardTanh'];

function cellCases(name: string): [string, CaseEntry][] {
  const { fused } = cells[name]!;
  const entry = (shape: string, way: string, acts?: readonly [ActivationName, ActivationName], useBias?: boolean): CaseEntry =>
    equal(fused, (backend) => twice(backend, name, shape, way, acts, useBias));
  return [
    ...Object.keys(ways).map((way): [string, CaseEntry] => [`${name}/${way}`, entry('small', way)]),
    ...Object.keys(shapes)
      .filter((shape) => shape !== 'small')
      .map((shape): [string, CaseEntry] => [`${name}/${shape}`, entry(shape, 'reverse-masked')]),
    ...activations.map((f): [string, CaseEntry] => [`${name}/${f}`, entry('small', 'plain', [f, 'sigmoid'])]),
    [`${name}/no-bias`, entry('small', 'masked', ['tanh', 'sigmoid'], false)],
    ...(fused === 'simpleRNN' ? [] : ([[`${name}/gates-hard-sigmoid`, entry('small', 'plain', ['tanh', 'hardSigmoid'])]] as [string, CaseEntry][])),
  ];
}

export const fusedCases: readonly Case[] = defineCases('fused', {
  ...Object.fromEntries(Object.keys(cells).flatMap(cellCases)),
  ...Object.fromEntries(
    ([[3, 5], [1], [2, 1], [2, 3, 4]] as const).map((shape) => [
      `softmax/${shape.join('x')}`,
      equal('softmax', (backend) => {
        const x = random(20, shape, 8);
        return [[softmax(on(backend).floats(x))], [softmax(on(withoutFused(backend)).floats(x))]];
      }),
    ]),
  ),
  'softmax/extremes': {
    skip: (backend) => (backend.fused?.softmax === undefined ? 'it has no fused softmax' : undefined),
    run(t) {
      const y = softmax(on(t.backend).floats([[1000, 1000, -Infinity], [NaN, 0, 0], [-1000, -1000, -1000]]));
      const third = 1 / 3;
      void t.close(y, [[0.5, 0.5, 0], [NaN, NaN, NaN], [third, third, third]]);
    },
  },
});
