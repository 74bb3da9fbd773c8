/** Kernels that move numbers without changing them: transpose, slice, concat, gather, scatterAdd. */
import type { Shape, Tensor } from '@recurra/core';
import { defineCases } from '../../case.js';
import { kernel, on } from '../on.js';
import { random } from '../random.js';

const transpose = (x: Tensor, perm: readonly number[]): Tensor =>
  kernel(perm.map((axis) => x.shape[axis]!), x.dtype, [x], (kernels, [operand], out) => kernels.transpose(operand!, perm, out));

const slice = (x: Tensor, begin: readonly number[], strides: readonly number[], shape: Shape): Tensor =>
  kernel(shape, x.dtype, [x], (kernels, [operand], out) => kernels.slice(operand!, begin, strides, out));

const concat = (xs: readonly Tensor[], axis: number, shape: Shape): Tensor =>
  kernel(shape, xs[0]!.dtype, xs, (kernels, operands, out) => kernels.concat(operands, axis, out));

const gather = (x: Tensor, indices: Tensor, axis: number): Tensor =>
  kernel(x.shape.toSpliced(axis, 1, ...indices.shape), x.dtype, [x, indices], (kernels, [p, q], out) => kernels.gather(p!, q!, axis, out));

const scatterAdd = (updates: Tensor, indices: Tensor, axis: number, length: number): Tensor =>
  kernel(updates.shape.toSpliced(axis, indices.rank, length), updates.dtype, [updates, indices], (kernels, [p, q], out) =>
    kernels.scatterAdd(p!, q!, axis, out),
  );

/** 0, 1, 2, … as a tensor's numbers: each says where it comes from. */
const count = (shape: Shape): { shape: Shape; data: number[] } => ({
  shape,
  data: Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => i),
});

export const placeCases = defineCases('kernels', {
  'transpose/matrix': ({ backend, close }) => {
    void close(transpose(on(backend).floats(count([2, 3])), [1, 0]), [[0, 3], [1, 4], [2, 5]]);
  },
  'transpose/three-axes': ({ backend, close }) => {
    const x = on(backend).floats(count([2, 3, 2]));
    void close(transpose(x, [2, 0, 1]), [[[0, 2, 4], [6, 8, 10]], [[1, 3, 5], [7, 9, 11]]]);
    void close(transpose(x, [1, 2, 0]), [[[0, 6], [1, 7]], [[2, 8], [3, 9]], [[4, 10], [5, 11]]]);
    void close(transpose(x, [0, 2, 1]), [[[0, 2, 4], [1, 3, 5]], [[6, 8, 10], [7, 9, 11]]]);
    void close(transpose(x, [0, 1, 2]), count([2, 3, 2]));
  },
  'transpose/four-axes': ({ backend, close }) => {
    const x = count([2, 3, 1, 4]);
    const data = count([4, 2, 3, 1]).data.map((i) => {
      const [d, a, b] = [Math.floor(i / 6), Math.floor(i / 3) % 2, i % 3];
      return a * 12 + b * 4 + d;
    });
    void close(transpose(on(backend).floats(x), [3, 0, 1, 2]), { shape: [4, 2, 3, 1], data });
  },
  'transpose/dtypes': ({ backend, close }) => {
    const { ints, bools } = on(backend);
    void close(transpose(ints([[1, -2], [3, 16777215]]), [1, 0]), [[1, 3], [-2, 16777215]]);
    void close(transpose(bools([[1, 0], [1, 1]]), [1, 0]), [[1, 1], [0, 1]]);
  },
  // Beside the edges of tiles.
  'transpose/large': ({ backend, close }) => {
    const x = random(61, [33, 65], 2);
    const data = Array.from({ length: 33 * 65 }, (_, i) => x.data[(i % 33) * 65 + Math.floor(i / 33)]!);
    void close(transpose(on(backend).floats(x), [1, 0]), { shape: [65, 33], data });
  },

  'slice/begin': ({ backend, close }) => {
    const x = on(backend).floats(count([3, 4]));
    void close(slice(x, [1, 2], [1, 1], [2, 2]), [[6, 7], [10, 11]]);
    void close(slice(x, [2, 0], [1, 1], [1, 3]), [[8, 9, 10]]);
  },
  'slice/strides': ({ backend, close }) => {
    const x = on(backend).floats(count([4, 5]));
    void close(slice(x, [0, 1], [2, 3], [2, 2]), [[1, 4], [11, 14]]);
    void close(slice(x, [1, 0], [2, 2], [2, 3]), [[5, 7, 9], [15, 17, 19]]);
  },
  // Reverse is a slice.
  'slice/negative-strides': ({ backend, close }) => {
    const x = on(backend).floats(count([3, 4]));
    void close(slice(x, [2, 3], [-1, -1], [3, 4]), [[11, 10, 9, 8], [7, 6, 5, 4], [3, 2, 1, 0]]);
    void close(slice(x, [0, 3], [1, -2], [3, 2]), [[3, 1], [7, 5], [11, 9]]);
    void close(slice(x, [2, 1], [-2, 1], [2, 2]), [[9, 10], [1, 2]]);
  },
  'slice/three-axes': ({ backend, close }) => {
    const x = on(backend).floats(count([2, 3, 4]));
    void close(slice(x, [0, 1, 0], [1, 1, 1], [2, 1, 4]), [[[4, 5, 6, 7]], [[16, 17, 18, 19]]]);
    void close(slice(x, [1, 2, 3], [-1, -2, -3], [2, 2, 2]), [[[23, 20], [15, 12]], [[11, 8], [3, 0]]]);
  },
  'slice/dtypes-and-empty': ({ backend, close }) => {
    const { floats, ints, bools } = on(backend);
    void close(slice(ints([5, 6, 16777215]), [1], [1], [2]), [6, 16777215]);
    void close(slice(bools([1, 0, 0, 1]), [3], [-2], [2]), [1, 0]);
    void close(slice(floats([1, 2]), [0], [1], [0]), { shape: [0], data: [] });
    void close(slice(floats(4), [], [], []), 4);
  },

  'concat/axes': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([[1, 2], [3, 4]]), floats([[5, 6], [7, 8]])];
    void close(concat([a, b], 0, [4, 2]), [[1, 2], [3, 4], [5, 6], [7, 8]]);
    void close(concat([a, b], 1, [2, 4]), [[1, 2, 5, 6], [3, 4, 7, 8]]);
  },
  'concat/unequal': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b, c] = [floats(count([2, 1, 2])), floats({ shape: [2, 3, 2], data: count([12]).data.map((v) => v + 10) }), floats({ shape: [2, 0, 2], data: [] })];
    const expected = [[[0, 1], [10, 11], [12, 13], [14, 15]], [[2, 3], [16, 17], [18, 19], [20, 21]]];
    void close(concat([a, b], 1, [2, 4, 2]), expected);
    void close(concat([c, a, b, c], 1, [2, 4, 2]), expected);
  },
  'concat/many': ({ backend, close }) => {
    const parts = Array.from({ length: 9 }, (_, i) => on(backend).floats([[i], [i + 10]]));
    void close(concat(parts, 1, [2, 9]), [parts.map((_, i) => i), parts.map((_, i) => i + 10)]);
  },
  // Even of one, the result is a fresh handle: the runner watches.
  'concat/one': ({ backend, close }) => {
    const x = on(backend).floats([[1, 2]]);
    void close(concat([x], 0, [1, 2]), [[1, 2]]);
    void close(concat([x, x], 0, [2, 2]), [[1, 2], [1, 2]]);
  },
  'concat/dtypes': ({ backend, close }) => {
    const { ints, bools } = on(backend);
    void close(concat([ints([1]), ints([16777215, -3])], 0, [3]), [1, 16777215, -3]);
    void close(concat([bools([1, 0]), bools([1])], 0, [3]), [1, 0, 1]);
  },

  'gather/rows': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(gather(floats(count([3, 2])), ints([2, 0, 2, 1]), 0), [[4, 5], [0, 1], [4, 5], [2, 3]]);
  },
  'gather/other-axes': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const x = floats(count([2, 3, 2]));
    void close(gather(x, ints([2, 0]), 1), [[[4, 5], [0, 1]], [[10, 11], [6, 7]]]);
    void close(gather(x, ints([1, 1, 0]), 2), [[[1, 1, 0], [3, 3, 2], [5, 5, 4]], [[7, 7, 6], [9, 9, 8], [11, 11, 10]]]);
  },
  'gather/indices-of-any-rank': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const x = floats(count([3, 2]));
    void close(gather(x, ints([[2, 0], [1, 1]]), 0), [[[4, 5], [0, 1]], [[2, 3], [2, 3]]]);
    void close(gather(x, ints(1), 0), [2, 3]);
    void close(gather(x, ints([[1], [0]]), 1), [[[1], [0]], [[3], [2]], [[5], [4]]]);
    void close(gather(x, ints({ shape: [0], data: [] }), 0), { shape: [0, 2], data: [] });
  },
  'gather/out-of-range': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(gather(floats([[1, 2], [3, 4]]), ints([-1, 1, 2, 1000000]), 0), [[0, 0], [3, 4], [0, 0], [0, 0]]);
    void close(gather(floats([[1, 2], [3, 4]]), ints([2, -1, 1]), 1), [[0, 0, 2], [0, 0, 4]]);
  },
  'gather/dtypes': ({ backend, close }) => {
    const { ints, bools } = on(backend);
    void close(gather(ints([5, 16777215, -6]), ints([1, 2]), 0), [16777215, -6]);
    void close(gather(bools([1, 0, 0]), ints([0, 1, 5]), 0), [1, 0, 0]);
  },

  'scatterAdd/rows': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const updates = floats([[1, 2], [3, 4], [5, 6]]);
    void close(scatterAdd(updates, ints([2, 0, 3]), 0, 4), [[3, 4], [0, 0], [1, 2], [5, 6]]);
  },
  // What goes to the same place is added up; overwriting loses all but one.
  'scatterAdd/same-place': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const updates = floats([[1, 2], [10, 20], [100, 200], [1000, 2000]]);
    void close(scatterAdd(updates, ints([1, 0, 1, 1]), 0, 3), [[10, 20], [1101, 2202], [0, 0]]);
  },
  'scatterAdd/other-axes': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const updates = floats([[1, 2, 4], [8, 16, 32]]);
    void close(scatterAdd(updates, ints([1, 1, 0]), 1, 2), [[4, 3], [32, 24]]);
    void close(scatterAdd(floats(count([2, 2, 3])), ints([[1, 0], [0, 1]]), 0, 2), [[9, 11, 13], [9, 11, 13]]);
    void close(scatterAdd(floats([7, 8]), ints(1), 0, 3), [[0, 0], [7, 8], [0, 0]]);
  },
  'scatterAdd/out-of-range': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(scatterAdd(floats([1, 2, 4, 8]), ints([-1, 1, 2, 1000000]), 0, 2), [0, 2]);
  },
  'scatterAdd/int32-and-empty': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(scatterAdd(ints([16777213, 1, 1, -5]), ints([1, 1, 1, 0]), 0, 2), [-5, 16777215]);
    void close(scatterAdd(floats({ shape: [0, 2], data: [] }), ints({ shape: [0], data: [] }), 0, 2), [[0, 0], [0, 0]]);
  },
});
