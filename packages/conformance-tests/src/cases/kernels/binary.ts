/** Functions of two numbers: both dtypes, the values IEEE 754 sets, and every way to broadcast. */
import type { BinaryOp, Shape, Tensor, DType } from '@recurra/core';
import { defineCases, type CaseEntry, type Expected } from '../../case.js';
import { kernel, on } from '../on.js';

const binary = <D extends DType>(op: BinaryOp, a: Tensor<D>, b: Tensor<D>, shape: Shape): Tensor<D> =>
  kernel(shape, a.dtype, [a, b], (kernels, [p, q], out) => kernels.binary(op, p!, q!, out));

const pair =
  (op: BinaryOp, a: readonly number[], b: readonly number[], y: Expected): CaseEntry =>
  ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary(op, floats(a), floats(b), [a.length]), y);
  };

export const binaryCases = defineCases('kernels', {
  'binary/add': pair('add', [1.5, -2, 0.25], [0.25, 4, -1], [1.75, 2, -0.75]),
  'binary/sub': pair('sub', [1.5, -2, 0.25], [0.25, 4, -1], [1.25, -6, 1.25]),
  'binary/mul': pair('mul', [1.5, -2, 0.25], [0.25, 4, -1], [0.375, -8, -0.25]),
  'binary/div': pair('div', [1.5, -2, 1], [0.25, 4, -3], [6, -0.5, -1 / 3]),
  'binary/maximum': pair('maximum', [1.5, -2, -3], [0.25, 4, -1], [1.5, 4, -1]),
  'binary/minimum': pair('minimum', [1.5, -2, -3], [0.25, 4, -1], [0.25, -2, -3]),
  'binary/pow': pair('pow', [2, 0.5, 9, 3, 1.5], [3, 2, 0.5, -1, 0.75], [8, 0.25, 3, 1 / 3, 1.3554030054147672]),
  'binary/pow-negative-base': pair('pow', [-2, -2, -0.5, -2], [3, 2, -1, 0.5], [-8, 4, -2, NaN]),
  'binary/pow-zero': pair('pow', [0, 0, 5, -3, 0], [2, 0, 0, 0, -1], [0, 1, 1, 1, Infinity]),
  'binary/logical': ({ backend, close }) => {
    const { bools } = on(backend);
    const [a, b] = [bools([0, 0, 1, 1]), bools([0, 1, 0, 1])];
    void close(binary('logicalAnd', a, b, [4]), [0, 0, 0, 1]);
    void close(binary('logicalOr', a, b, [4]), [0, 1, 1, 1]);
  },
  'binary/int32': ({ backend, close }) => {
    const { ints } = on(backend);
    const [a, b] = [ints([7, -3, 4000]), ints([2, -5, -4000])];
    const expected = {
      add: [9, -8, 0],
      sub: [5, 2, 8000],
      mul: [14, 15, -16000000],
      maximum: [7, -3, 4000],
      minimum: [2, -5, -4000],
    };
    for (const [op, y] of Object.entries(expected)) void close(binary(op as BinaryOp, a, b, [3]), y);
  },
  // Odd numbers just below 2²⁴: a float32 on the way is still exact, a float16 is not.
  'binary/int32-exact': ({ backend, close }) => {
    const { ints } = on(backend);
    void close(binary('add', ints([16777213, -16777213]), ints([2, -2]), [2]), [16777215, -16777215]);
    void close(binary('mul', ints([4095, 2897]), ints([4095, -5791]), [2]), [16769025, -16776527]);
  },
  'binary/div-by-zero': pair('div', [1, -1, 0, Infinity], [0, 0, 0, Infinity], [Infinity, -Infinity, NaN, NaN]),
  'binary/nan-in-maximum': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([NaN, 1, 2]), floats([1, NaN, 3])];
    void close(binary('maximum', a, b, [3]), [NaN, NaN, 3]);
    void close(binary('minimum', a, b, [3]), [NaN, NaN, 2]);
  },
  'binary/infinities': pair('sub', [Infinity, Infinity, 1], [1, Infinity, -Infinity], [Infinity, NaN, Infinity]),

  // sub tells its sides apart.
  'binary/broadcast-scalar': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(
      binary(
        'sub',
        floats([
          [1, 2],
          [3, 4],
        ]),
        floats(10),
        [2, 2],
      ),
      [
        [-9, -8],
        [-7, -6],
      ],
    );
    void close(
      binary(
        'sub',
        floats(10),
        floats([
          [1, 2],
          [3, 4],
        ]),
        [2, 2],
      ),
      [
        [9, 8],
        [7, 6],
      ],
    );
  },
  'binary/broadcast-row': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(
      binary(
        'sub',
        floats([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        floats([10, 20, 30]),
        [2, 3],
      ),
      [
        [-9, -18, -27],
        [-6, -15, -24],
      ],
    );
    void close(
      binary(
        'sub',
        floats([10, 20, 30]),
        floats([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        [2, 3],
      ),
      [
        [9, 18, 27],
        [6, 15, 24],
      ],
    );
  },
  'binary/broadcast-column': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(
      binary(
        'sub',
        floats([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        floats([[10], [20]]),
        [2, 3],
      ),
      [
        [-9, -8, -7],
        [-16, -15, -14],
      ],
    );
    void close(
      binary(
        'sub',
        floats([[10], [20]]),
        floats([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        [2, 3],
      ),
      [
        [9, 8, 7],
        [16, 15, 14],
      ],
    );
  },
  // A square shows a row that was taken for a column.
  'binary/broadcast-square': ({ backend, close }) => {
    const { floats } = on(backend);
    const x = floats([
      [1, 2],
      [3, 4],
    ]);
    void close(binary('sub', x, floats([10, 20]), [2, 2]), [
      [-9, -18],
      [-7, -16],
    ]);
    void close(binary('sub', x, floats([[10], [20]]), [2, 2]), [
      [-9, -8],
      [-17, -16],
    ]);
  },
  'binary/broadcast-both': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('sub', floats([[1], [2]]), floats([[10, 20, 30]]), [2, 3]), [
      [-9, -19, -29],
      [-8, -18, -28],
    ]);
    void close(binary('sub', floats([[[1]], [[2]]]), floats([[10], [20]]), [2, 2, 1]), [
      [[-9], [-19]],
      [[-8], [-18]],
    ]);
  },
  'binary/broadcast-middle': ({ backend, close }) => {
    const { floats } = on(backend);
    const a = floats([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ]);
    const b = floats([[[10, 20]], [[30, 40]]]);
    void close(binary('sub', a, b, [2, 3, 2]), [
      [
        [-9, -18],
        [-7, -16],
        [-5, -14],
      ],
      [
        [-23, -32],
        [-21, -30],
        [-19, -28],
      ],
    ]);
  },
  'binary/scalars': ({ backend, close }) =>
    void close(binary('sub', on(backend).floats(5), on(backend).floats(3), []), 2),
  'binary/broadcast-empty': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('add', floats({ shape: [0, 2], data: [] }), floats([1, 2]), [0, 2]), { shape: [0, 2], data: [] });
  },
});
