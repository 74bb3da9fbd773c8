/** Kernels that take axes away: reduce and argReduce. */
import type { ArgReduceOp, ReduceOp, Shape, Tensor } from '@recurra/core';
import { defineCases } from '../../case.js';
import { kernel, on, type Ints } from '../on.js';
import { random } from '../random.js';

const reduce = (op: ReduceOp, x: Tensor, axes: readonly number[], shape: Shape): Tensor =>
  kernel(shape, x.dtype, [x], (kernels, [operand], out) => kernels.reduce(op, operand!, axes, out));

const argReduce = (op: ArgReduceOp, x: Tensor, axis: number): Ints =>
  kernel(x.shape.toSpliced(axis, 1), 'int32', [x], (kernels, [operand], out) =>
    kernels.argReduce(op, operand!, axis, out),
  );

/** Unequal everywhere, so that no axis can be taken for another. */
const cube = [
  [
    [1, -2, 3],
    [4, 50, -6],
  ],
  [
    [-70, 8, 9],
    [10, -11, 12],
  ],
];

export const reductionCases = defineCases('kernels', {
  'reduce/last-axis': ({ backend, close }) => {
    const x = on(backend).floats(cube);
    void close(reduce('sum', x, [2], [2, 2]), [
      [2, 48],
      [-53, 11],
    ]);
    void close(reduce('max', x, [2], [2, 2]), [
      [3, 50],
      [9, 12],
    ]);
    void close(reduce('min', x, [2], [2, 2]), [
      [-2, -6],
      [-70, -11],
    ]);
  },
  'reduce/first-axis': ({ backend, close }) => {
    const x = on(backend).floats(cube);
    void close(reduce('sum', x, [0], [2, 3]), [
      [-69, 6, 12],
      [14, 39, 6],
    ]);
    void close(reduce('max', x, [0], [2, 3]), [
      [1, 8, 9],
      [10, 50, 12],
    ]);
    void close(reduce('min', x, [0], [2, 3]), [
      [-70, -2, 3],
      [4, -11, -6],
    ]);
  },
  'reduce/middle-axis': ({ backend, close }) => {
    const x = on(backend).floats(cube);
    void close(reduce('sum', x, [1], [2, 3]), [
      [5, 48, -3],
      [-60, -3, 21],
    ]);
    void close(reduce('max', x, [1], [2, 3]), [
      [4, 50, 3],
      [10, 8, 12],
    ]);
  },
  'reduce/two-axes': ({ backend, close }) => {
    const x = on(backend).floats(cube);
    void close(reduce('sum', x, [0, 2], [2]), [-51, 59]);
    void close(reduce('max', x, [0, 1], [3]), [10, 50, 12]);
    void close(reduce('min', x, [1, 2], [2]), [-6, -70]);
  },
  'reduce/all-axes': ({ backend, close }) => {
    const x = on(backend).floats(cube);
    void close(reduce('sum', x, [0, 1, 2], []), 8);
    void close(reduce('max', x, [0, 1, 2], []), 50);
    void close(reduce('min', x, [0, 1, 2], []), -70);
  },
  // The same numbers under a shape that keeps the axes with length 1.
  'reduce/kept-axes': ({ backend, close }) => {
    const x = on(backend).floats(cube);
    void close(reduce('sum', x, [1], [2, 1, 3]), [[[5, 48, -3]], [[-60, -3, 21]]]);
    void close(reduce('sum', x, [0, 2], [1, 2, 1]), [[[-51], [59]]]);
  },
  // A max that starts at 0 gives 0 here.
  'reduce/max-of-negatives': ({ backend, close }) => {
    void close(
      reduce(
        'max',
        on(backend).floats([
          [-3, -1.5],
          [-0.25, -7],
        ]),
        [1],
        [2],
      ),
      [-1.5, -0.25],
    );
    void close(
      reduce(
        'min',
        on(backend).floats([
          [3, 1.5],
          [0.25, 7],
        ]),
        [1],
        [2],
      ),
      [1.5, 0.25],
    );
  },
  'reduce/int32': ({ backend, close }) => {
    const x = on(backend).ints([
      [-3, -1, -20],
      [-5, -2, -4],
    ]);
    void close(reduce('sum', x, [1], [2]), [-24, -11]);
    void close(reduce('max', x, [1], [2]), [-1, -2]);
    void close(reduce('min', x, [0], [3]), [-5, -2, -20]);
    void close(
      reduce(
        'min',
        on(backend).ints([
          [3, 5],
          [9, 4],
        ]),
        [1],
        [2],
      ),
      [3, 4],
    );
    void close(reduce('sum', on(backend).ints([16777213, 1, 1]), [0], []), 16777215);
  },
  'reduce/nan': ({ backend, close }) => {
    const x = on(backend).floats([
      [1, NaN, 3],
      [NaN, 5, 4],
      [7, 9, 8],
    ]);
    for (const [op, last] of [
      ['max', 9],
      ['min', 7],
      ['sum', 24],
    ] as const)
      void close(reduce(op, x, [1], [3]), [NaN, NaN, last]);
  },
  'reduce/infinities': ({ backend, close }) => {
    const x = on(backend).floats([
      [-Infinity, -Infinity],
      [-Infinity, 2],
      [Infinity, -Infinity],
    ]);
    void close(reduce('max', x, [1], [3]), [-Infinity, 2, Infinity]);
    void close(reduce('min', x, [1], [3]), [-Infinity, -Infinity, -Infinity]);
    void close(reduce('sum', x, [1], [3]), [-Infinity, -Infinity, NaN]);
  },
  // Of nothing, a sum is 0; and of a max over another axis nothing is left.
  'reduce/empty': ({ backend, close }) => {
    const x = on(backend).floats({ shape: [2, 0, 3], data: [] });
    void close(reduce('sum', x, [1], [2, 3]), [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    void close(reduce('sum', x, [0, 1, 2], []), 0);
    void close(reduce('max', x, [2], [2, 0]), { shape: [2, 0], data: [] });
  },
  'reduce/length-one': ({ backend, close }) => {
    const x = on(backend).floats([[-3], [4]]);
    for (const op of ['sum', 'max', 'min'] as const) void close(reduce(op, x, [1], [2]), [-3, 4]);
  },
  // Longer than a workgroup, and no multiple of one. Sums of multiples of 1/64 are exact in any order.
  'reduce/long': ({ backend, close }) => {
    const x = random(21, [3, 1037], 0.25);
    const rows = [0, 1, 2].map((row) => Array.from(x.data.slice(row * 1037, (row + 1) * 1037)));
    const held = on(backend).floats(x);
    void close(
      reduce('sum', held, [1], [3]),
      rows.map((row) => row.reduce((a, b) => a + b, 0)),
    );
    void close(
      reduce('max', held, [1], [3]),
      rows.map((row) => Math.max(...row)),
    );
  },

  'argReduce/axes': ({ backend, close }) => {
    const x = on(backend).floats(cube);
    void close(argReduce('argMax', x, 2), [
      [2, 1],
      [2, 2],
    ]);
    void close(argReduce('argMax', x, 0), [
      [0, 1, 1],
      [1, 0, 1],
    ]);
    void close(argReduce('argMax', x, 1), [
      [1, 1, 0],
      [1, 0, 1],
    ]);
    void close(argReduce('argMin', x, 2), [
      [1, 2],
      [0, 1],
    ]);
    void close(argReduce('argMin', x, 0), [
      [1, 0, 0],
      [0, 1, 0],
    ]);
  },
  'argReduce/lowest-among-equals': ({ backend, close }) => {
    const x = on(backend).floats([
      [1, 7, 7, 2, 7],
      [3, 0, 5, 0, 5],
    ]);
    void close(argReduce('argMax', x, 1), [1, 2]);
    void close(argReduce('argMin', x, 1), [0, 1]);
  },
  'argReduce/negatives': ({ backend, close }) => {
    const x = on(backend).floats([-3, -1, -2]);
    void close(argReduce('argMax', x, 0), 1);
    void close(argReduce('argMin', x, 0), 0);
  },
  'argReduce/first-nan': ({ backend, close }) => {
    const x = on(backend).floats([
      [1, 9, NaN, 5, NaN],
      [NaN, 2, 3, 1, 0],
      [3, 4, 1, 9, 2],
    ]);
    void close(argReduce('argMax', x, 1), [2, 0, 3]);
    void close(argReduce('argMin', x, 1), [2, 0, 2]);
  },
  'argReduce/infinities': ({ backend, close }) => {
    const x = on(backend).floats([
      [-Infinity, -Infinity],
      [-Infinity, -5],
      [Infinity, Infinity],
    ]);
    void close(argReduce('argMax', x, 1), [0, 1, 0]);
    void close(argReduce('argMin', x, 1), [0, 0, 0]);
  },
  'argReduce/empty': ({ backend, close }) =>
    void close(argReduce('argMax', on(backend).floats({ shape: [2, 0], data: [] }), 0), { shape: [0], data: [] }),
  'argReduce/int32': ({ backend, close }) => {
    const x = on(backend).ints([
      [16777214, 16777215, 3],
      [-5, -9, -9],
    ]);
    void close(argReduce('argMax', x, 1), [1, 0]);
    void close(argReduce('argMin', x, 1), [2, 1]);
  },
});
