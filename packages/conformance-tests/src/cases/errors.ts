/** What core refuses before any kernel runs, on every backend alike; afterwards nothing has leaked and all still works. */
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell } from '@recurra/cells';
import { attend, dotScore } from '@recurra/attention';
import {
  add,
  argMax,
  concat,
  div,
  full,
  gather,
  matmul,
  max,
  mul,
  reshape,
  slice,
  softmax,
  square,
  stack,
  sum,
  tanh,
  tensor,
  transpose,
  where,
  type Tensor,
  type Tree,
} from '@recurra/core';
import { defineCases, type Case, type CaseEntry, type Testing } from '../case.js';
import { on, type On } from './on.js';
import { random } from './random.js';

/** A code, and what must throw it. */
function refuses(code: string, make: (of: On, t: Testing) => () => unknown): CaseEntry {
  return (t) => {
    const of = on(t.backend);
    void t.throws(code, make(of, t));
    void t.close(add(of.floats([1]), of.floats([2])), [3]);
  };
}

const cells = { simpleRNN: simpleRNNCell, lstm: lstmCell, gru: gruCell } as const;

function cellErrors(name: keyof typeof cells): Record<string, CaseEntry> {
  const cell = cells[name]({ units: 2 }) as unknown as Cell<Tree, Tree>;
  const run = (t: Testing, features: number, shape: readonly number[], options: (of: On) => object = () => ({})) => {
    const of = on(t.backend);
    const params = cell.init(features, { backend: t.backend });
    const x = of.floats(random(1, shape));
    const how = options(of);
    return () => rnn(cell, params, x, how);
  };
  return {
    [`rnn/${name}-features-differ`]: refuses('SHAPE', (_, t) => run(t, 3, [2, 4, 5])),
    [`rnn/${name}-no-time`]: refuses('EMPTY_SEQUENCE', (_, t) => run(t, 3, [2, 0, 3])),
    [`rnn/${name}-rank`]: refuses('RANK', (_, t) => run(t, 3, [2, 3])),
    [`rnn/${name}-mask-shape`]: refuses('SHAPE', (_, t) => run(t, 3, [2, 4, 3], (of) => ({ mask: of.bools([[true, false]]) }))),
    [`rnn/${name}-state-shape`]: refuses('SHAPE', (_, t) =>
      run(t, 3, [2, 4, 3], (of) => ({ initialState: { h: of.floats([[1, 2]]), c: of.floats([[1, 2]]) } })),
    ),
    [`rnn/${name}-unknown-option`]: refuses('UNKNOWN_NAME', (_, t) => run(t, 3, [2, 4, 3], () => ({ returnSequence: true }))),
  };
}

export const errorCases: readonly Case[] = defineCases('errors', {
  'matmul/inner-axes': refuses('SHAPE', ({ floats }) => () => matmul(floats([[1, 2]]), floats([[1], [2], [3]]))),
  'matmul/rank': refuses('RANK', ({ floats }) => () => matmul(floats([1, 2]), floats([[1], [2]]))),
  'matmul/dtype': refuses('DTYPE', ({ ints }) => () => matmul(ints([[1]]) as never, ints([[1]]) as never)),
  'add/broadcast': refuses('SHAPE', ({ floats }) => () => add(floats([1, 2]), floats([1, 2, 3]))),
  'add/dtypes': refuses('DTYPE', ({ floats, ints }) => () => add(floats([1]) as Tensor, ints([1]) as Tensor)),
  'add/bool': refuses('DTYPE', ({ bools }) => () => add(bools([true]), bools([false]))),
  'add/not-a-tensor': refuses('NOT_A_TENSOR', ({ floats }) => () => add(floats([1]), [1] as never)),
  'add/foreign-tensor': refuses('FOREIGN_TENSOR', ({ floats }) => () => add(floats([1]), { [Symbol.for('@recurra/core/tensor')]: true } as never)),
  'div/int32': refuses('DTYPE', ({ ints }) => () => div(ints([4]) as never, ints([2]) as never)),
  'mul/int32-by-a-fraction': refuses('DTYPE', ({ ints }) => () => mul(ints([4]), 0.5)),
  'tanh/int32': refuses('DTYPE', ({ ints }) => () => tanh(ints([1]) as never)),
  'square/bool': refuses('DTYPE', ({ bools }) => () => square(bools([true]))),
  'where/condition': refuses('DTYPE', ({ floats }) => () => where(floats([1]) as never, floats([1]), floats([2]))),
  'reshape/size': refuses('SHAPE', ({ floats }) => () => reshape(floats([1, 2, 3]), [2, 2])),
  'slice/outside': refuses('SHAPE', ({ floats }) => () => slice(floats([1, 2, 3]), [1], [3])),
  'concat/shapes': refuses('SHAPE', ({ floats }) => () => concat([floats([[1]]), floats([[1, 2]])], 0)),
  'concat/nothing': refuses('ARGUMENT', () => () => concat([], 0)),
  'stack/shapes': refuses('SHAPE', ({ floats }) => () => stack([floats([1]), floats([1, 2])])),
  'sum/axis': refuses('AXIS', ({ floats }) => () => sum(floats([1, 2]), { axis: 1 })),
  'sum/axis-twice': refuses('AXIS', ({ floats }) => () => sum(floats([[1, 2]]), { axis: [0, -2] })),
  'max/empty': refuses('EMPTY', ({ floats }) => () => max(floats({ shape: [2, 0], data: [] }), { axis: 1 })),
  'argMax/axis': refuses('AXIS', ({ floats }) => () => argMax(floats([1, 2]), { axis: 2 })),
  'softmax/axis': refuses('AXIS', ({ floats }) => () => softmax(floats([1, 2]), 3)),
  'transpose/permutation': refuses('AXIS', ({ floats }) => () => transpose(floats([[1, 2]]), [0, 0])),
  'gather/indices': refuses('DTYPE', ({ floats }) => () => gather(floats([1, 2]), floats([0]) as never, 0)),
  'tensor/ragged': refuses('SHAPE', (_, { backend }) => () => tensor([[1], [2, 3]], undefined, { backend })),
  'tensor/size': refuses('SHAPE', (_, { backend }) => () => tensor([1, 2, 3], [2], { backend })),
  'tensor/fraction-as-int32': refuses('DTYPE', (_, { backend }) => () => tensor([1.5], undefined, { dtype: 'int32', backend })),
  'full/negative-length': refuses('SHAPE', (_, { backend }) => () => full([-1], 0, { backend })),
  ...cellErrors('simpleRNN'),
  ...cellErrors('lstm'),
  ...cellErrors('gru'),
  'attend/no-keys': refuses('EMPTY', ({ floats }) => () =>
    attend(floats({ shape: [1, 2, 0], data: [] }), floats({ shape: [1, 0, 3], data: [] })),
  ),
  'attend/mask-dtype': refuses('DTYPE', ({ floats }) => () =>
    attend(floats(random(1, [1, 2, 3])), floats(random(2, [1, 3, 2])), floats(random(3, [1, 2, 3])) as never),
  ),
  'attention/widths-differ': refuses('SHAPE', ({ floats }) => () =>
    dotScore()({}, floats(random(1, [1, 2, 3])), floats(random(2, [1, 2, 4]))),
  ),
});
