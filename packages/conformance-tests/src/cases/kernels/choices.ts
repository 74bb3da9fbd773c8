/** Kernels about yes and no: compare and where. */
import type { CompareOp, Shape, Tensor } from '@recurra/core';
import { defineCases } from '../../case.js';
import { kernel, on } from '../on.js';

const compare = (op: CompareOp, a: Tensor, b: Tensor, shape: Shape): Tensor =>
  kernel(shape, 'bool', [a, b], (kernels, [p, q], out) => kernels.compare(op, p!, q!, out));

const where = (cond: Tensor, a: Tensor, b: Tensor, shape: Shape): Tensor =>
  kernel(shape, a.dtype, [cond, a, b], (kernels, [c, p, q], out) => kernels.where(c!, p!, q!, out));

export const choiceCases = defineCases('kernels', {
  'compare/float32': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([1, 2, 3, -1]), floats([2, 2, 1, -0.5])];
    void close(compare('equal', a, b, [4]), [0, 1, 0, 0]);
    void close(compare('less', a, b, [4]), [1, 0, 0, 1]);
    void close(compare('lessEqual', a, b, [4]), [1, 1, 0, 1]);
  },
  'compare/int32': ({ backend, close }) => {
    const { ints } = on(backend);
    const [a, b] = [ints([16777215, -2, 3]), ints([16777214, -2, 4])];
    void close(compare('equal', a, b, [3]), [0, 1, 0]);
    void close(compare('less', a, b, [3]), [0, 0, 1]);
    void close(compare('lessEqual', a, b, [3]), [0, 1, 1]);
  },
  'compare/bool': ({ backend, close }) =>
    void close(compare('equal', on(backend).bools([1, 0, 1]), on(backend).bools([1, 1, 0]), [3]), [1, 0, 0]),
  'compare/nan': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([NaN, 1, NaN]), floats([NaN, NaN, 1])];
    for (const op of ['equal', 'less', 'lessEqual'] as const) void close(compare(op, a, b, [3]), [0, 0, 0]);
  },
  'compare/zeros-and-infinities': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([0, -Infinity, Infinity]), floats([-0, Infinity, Infinity])];
    void close(compare('equal', a, b, [3]), [1, 0, 1]);
    void close(compare('less', a, b, [3]), [0, 1, 0]);
  },
  'compare/broadcast': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(compare('less', floats([[1], [5]]), floats([2, 6]), [2, 2]), [
      [1, 1],
      [0, 1],
    ]);
    void close(
      compare(
        'lessEqual',
        floats(3),
        floats([
          [1, 3],
          [4, 2],
        ]),
        [2, 2],
      ),
      [
        [0, 1],
        [1, 0],
      ],
    );
  },

  'compare/scalar-and-empty': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(compare('less', floats(1), floats(2), []), 1);
    void close(compare('equal', floats({ shape: [2, 0], data: [] }), floats(1), [2, 0]), { shape: [2, 0], data: [] });
  },

  'where/chooses': ({ backend, close }) => {
    const { floats, ints, bools } = on(backend);
    const cond = bools([1, 0, 0, 1]);
    void close(where(cond, floats([1, 2, 3, 4]), floats([5, 6, 7, 8]), [4]), [1, 6, 7, 4]);
    void close(where(cond, ints([1, 2, 3, 4]), ints([5, 6, 7, 8]), [4]), [1, 6, 7, 4]);
    void close(where(cond, bools([1, 1, 0, 0]), bools([0, 0, 1, 1]), [4]), [1, 0, 1, 0]);
  },
  // A mask by multiplication would let NaN through: 0·NaN is NaN.
  'where/nan-not-chosen': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    const cond = bools([1, 0, 1, 0]);
    void close(where(cond, floats([1, NaN, 3, Infinity]), floats([NaN, 6, -Infinity, 8]), [4]), [1, 6, 3, 8]);
  },
  'where/broadcast': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    const x = floats([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    void close(where(bools([[1], [0]]), x, floats(-1), [2, 3]), [
      [1, 2, 3],
      [-1, -1, -1],
    ]);
    void close(where(bools([1, 0, 1]), floats([[10], [20]]), x, [2, 3]), [
      [10, 2, 10],
      [20, 5, 20],
    ]);
    void close(where(bools(0), floats(7), x, [2, 3]), [
      [1, 2, 3],
      [4, 5, 6],
    ]);
  },
  'where/scalar-and-empty': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    void close(where(bools(1), floats(5), floats(6), []), 5);
    void close(where(bools(1), floats({ shape: [0], data: [] }), floats(6), [0]), { shape: [0], data: [] });
  },
});
