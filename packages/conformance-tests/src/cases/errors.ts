/** What is refused, on this backend as on every other: typed errors, before a kernel runs, and nothing left behind. */
import { attend, dotScore } from '@recurra/attention';
import { gruCell, lstmCell, rnn, simpleRNNCell } from '@recurra/cells';
import {
  add,
  argMax,
  concat,
  div,
  gather,
  grad,
  matmul,
  max,
  mul,
  reshape,
  slice,
  softmax,
  sum,
  tensor,
  where,
  type Tensor,
} from '@recurra/core';
import { defineCases } from '../case.js';
import { decorated } from '../decorate.js';
import { on, type Floats } from './on.js';

export const errorCases = defineCases('errors', {
  'disposed-tensor': ({ backend, throws }) => {
    const x = on(backend).floats([1]);
    x.dispose();
    void throws('DISPOSED', () => add(x, 1));
    void throws('DISPOSED', () => x.data());
  },
  'two-backends': ({ backend, throws }) => {
    const other = on(decorated(backend)).floats([1, 2]);
    void throws('BACKEND_MIXED', () => add(on(backend).floats([1, 2]), other));
  },
  'not-a-tensor': ({ backend, throws }) =>
    void throws('NOT_A_TENSOR', () => add(on(backend).floats([1]), [1] as never)),
  shapes: ({ backend, throws }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([[1, 2]]), floats([[1], [2], [3]])];
    void throws('SHAPE', () => matmul(a, b));
    void throws('SHAPE', () => add(floats([1, 2]), floats([1, 2, 3])));
    void throws('SHAPE', () => reshape(a, [3]));
    void throws('SHAPE', () => concat([a, b], 1));
    void throws('SHAPE', () => slice(a, [0, 1], [1, 2]));
    void throws('RANK', () => matmul(floats([1]), b));
    void throws('AXIS', () => softmax(a, 2));
    void throws('EMPTY', () => max(floats({ shape: [0], data: [] })));
    void throws('EMPTY', () => argMax(floats({ shape: [2, 0], data: [] }), { axis: 1 }));
  },
  dtypes: ({ backend, throws }) => {
    const { floats, ints, bools } = on(backend);
    const [x, i]: [Tensor, Tensor] = [floats([1]), ints([1])];
    void throws('DTYPE', () => add(x, i));
    void throws('DTYPE', () => div(i as Floats, 2));
    void throws('DTYPE', () => matmul(ints([[1]]) as unknown as Floats, floats([[1]])));
    void throws('DTYPE', () => where(x as never, x, x));
    void throws('DTYPE', () => gather(x, floats([0]) as never));
    void throws('DTYPE', () => add(bools([1]), bools([1])));
  },
  // What an int32 or a bool cannot hold is refused, not wrapped around.
  'numbers-a-dtype-cannot-hold': ({ backend, throws }) => {
    void throws('DTYPE', () => tensor([1.5], undefined, { dtype: 'int32', backend }));
    void throws('DTYPE', () => tensor([2], undefined, { dtype: 'bool', backend }));
    void throws('DTYPE', () => mul(on(backend).ints([1]), 0.5));
  },
  'blocking-read': {
    skip: (backend) => (backend.readSync ? `${backend.name} can block` : undefined),
    run: ({ backend, throws }) => void throws('BACKEND_ASYNC_ONLY', () => on(backend).floats([1]).dataSync()),
  },
  gradients: ({ backend, throws }) => {
    const x = on(backend).floats([1, 2]);
    void throws('GRADIENT', () => grad((v: Floats) => mul(v, v))(x));
    void throws('GRADIENT', () => grad((async (v: Floats) => sum(v)) as never)(x));
  },
  'cell-parameters': ({ backend, throws }) => {
    const x = on(backend).floats([[[1, 2, 3]]]);
    for (const cell of [simpleRNNCell({ units: 2 }), lstmCell({ units: 2 }), gruCell({ units: 2 })]) {
      const run = (params: unknown, options: object = {}): unknown => rnn(cell as never, params as never, x, options);
      const params = cell.init(3, { backend });
      void throws('SHAPE', () => run(cell.init(4, { backend })));
      void throws('SHAPE', () => run({ ...params, recurrentKernel: params.kernel }));
      void throws('SHAPE', () =>
        run(params, { initialState: { h: on(backend).floats([[1, 2, 3]]), c: on(backend).floats([[1, 2, 3]]) } }),
      );
    }
  },
  'sequences-and-masks': ({ backend, throws }) => {
    const { floats, bools } = on(backend);
    const cell = gruCell({ units: 2 });
    const params = cell.init(1, { backend });
    void throws('RANK', () => rnn(cell, params, floats([[1]])));
    void throws('EMPTY_SEQUENCE', () => rnn(cell, params, floats({ shape: [1, 0, 1], data: [] })));
    void throws('SHAPE', () => rnn(cell, params, floats([[[1], [2]]]), { mask: bools([[1, 1, 1]]) }));
    void throws('UNKNOWN_NAME', () => rnn(cell, params, floats([[[1]]]), { goBackwards: true } as never));
  },
  'units-and-names': ({ throws }) => {
    void throws('ARGUMENT', () => lstmCell({ units: 0 }));
    void throws('UNKNOWN_NAME', () => gruCell({ units: 2, activation: 'tanhh' as never }));
  },
  attention: ({ backend, throws }) => {
    const { floats, bools } = on(backend);
    const [q, k] = [floats([[[1, 2]]]), floats([[[1, 2, 3]]])];
    void throws('SHAPE', () => dotScore()({}, q, k));
    void throws('RANK', () => dotScore()({}, floats([[1]]), q));
    void throws('SHAPE', () => attend(floats([[[1, 2]]]), q));
    void throws('SHAPE', () => attend(floats([[[1]]]), q, bools([[[1, 1]]])));
    void throws('DTYPE', () => attend(floats([[[1]]]), q, floats([[[1]]]) as never));
  },
});
