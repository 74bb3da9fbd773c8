/** The notebook's question for every cell and attention, each answer computed when it is asked. */
import { additiveScore, attention, dotScore, paddingMask } from '@recurra/attention';
import type { Score } from '@recurra/attention';
import { gruCell, lstmCell, rnn, simpleRNNCell } from '@recurra/cells';
import type { Cell, Floats } from '@recurra/cells';
import { glorotUniform, leaves, orthogonal, randomNormal, scope, slice, tensor } from '@recurra/core';
import type { Backend, Tree } from '@recurra/core';
import notebook from '../data/notebook.json' with { type: 'json' };
import golden from '../data/verdicts.json' with { type: 'json' };
import { largestDifference, same, toTensor, type Golden } from './golden.js';

/** What a question gives: our tensors beside Keras's numbers. */
type Pairs = readonly (readonly [ours: Floats, keras: Golden])[];
interface Question {
  readonly name: string;
  ask(backend: Backend): Pairs;
}

const units = 8;
const seeded = {
  units,
  kernelInitializer: glorotUniform({ seed: 42 }),
  recurrentInitializer: orthogonal({ seed: 42 }),
  biasInitializer: randomNormal({ stddev: 0.5, seed: 7 }),
};

/** Keras's input; the questions after the notebook's take its first four rows. */
function input(backend: Backend, rows: number): Floats {
  return slice(toTensor(notebook.input, backend), [], [rows]);
}

const simpleRNN: Question = {
  name: 'SimpleRNN',
  ask(backend) {
    const params = {
      kernel: toTensor(notebook.kernel, backend),
      recurrentKernel: toTensor(notebook.recurrentKernel, backend),
    };
    const cell = simpleRNNCell({ units, useBias: false });
    const { outputs } = rnn(cell, params, input(backend, 32), { returnSequences: true });
    return [[outputs, notebook.output]];
  },
};

/** A cell whose weights our initializers draw: they are compared with Keras's too. */
function cellQuestion<P extends Tree, S extends Tree>(index: number, cell: Cell<P, S>): Question {
  const { name, weights, output, state } = golden.cells[index]!;
  return {
    name,
    ask(backend) {
      const params = cell.init(12, { backend });
      const result = rnn(cell, params, input(backend, 4), { returnSequences: true });
      return [
        [result.outputs, output],
        ...leaves(result.state).map((s, i) => [s as Floats, state[i]!] as const),
        ...leaves(params).map((p, i) => [p as Floats, weights[i]!] as const),
      ];
    },
  };
}

function attentionQuestion<P extends Tree>(index: number, score: Score<P>): Question {
  const { name, params, context, weights } = golden.attention.cases[index]!;
  return {
    name,
    ask(backend) {
      const x = input(backend, 4);
      const mask = paddingMask(
        tensor(
          golden.attention.mask.map((row) => row.map(Boolean)),
          undefined,
          { backend },
        ),
      );
      const given = Object.fromEntries(
        Object.entries(params).map(([key, value]) => [key, toTensor(value as Golden, backend)]),
      );
      const memory = slice(x, [0, 5]);
      const ours = attention(score, given as P, slice(x, [], [4, 5]), memory, memory, { mask });
      return [
        [ours.context, context],
        [ours.weights, weights],
      ];
    },
  };
}

function questions(): Question[] {
  return [
    simpleRNN,
    cellQuestion(0, lstmCell(seeded)),
    cellQuestion(1, gruCell(seeded)),
    cellQuestion(2, gruCell({ ...seeded, resetAfter: false })),
    attentionQuestion(0, additiveScore({ units })),
    attentionQuestion(1, dotScore()),
  ];
}

/** A question's answers, one for each backend. */
export interface Row {
  readonly name: string;
  readonly answers: readonly { readonly equal: boolean; readonly far: number }[];
}

/** Asks every question on every backend, now. */
export async function measure(backends: readonly Backend[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, ask } of questions()) {
    const answers = [];
    for (const backend of backends) answers.push(await answer(scope(() => ask(backend))));
    rows.push({ name, answers });
  }
  return rows;
}

async function answer(pairs: Pairs): Promise<Row['answers'][number]> {
  let equal = true;
  let far = 0;
  for (const [ours, keras] of pairs) {
    const numbers = await ours.data();
    ours.dispose();
    equal &&= same(numbers, keras);
    far = Math.max(far, largestDifference(numbers, keras));
  }
  return { equal, far };
}
