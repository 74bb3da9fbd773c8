/** Kernels that put numbers in another order: transpose, slice, concat. */
import type { Shape, Tensor } from '@recurra/core';
import { defineCases } from '../../case.js';
import { count, kernel, on } from '../on.js';
import { random } from '../random.js';

const transpose = (x: Tensor, perm: readonly number[]): Tensor =>
  kernel(
    perm.map((axis) => x.shape[axis]!),
    x.dtype,
    [x],
    (kernels, [operand], out) => kernels.transpose(operand!, perm, out),
  );

const slice = (x: Tensor, begin: readonly number[], strides: readonly number[], shape: Shape): Tensor =>
  kernel(shape, x.dtype, [x], (kernels, [operand], out) => kernels.slice(operand!, begin, strides, out));

const concat = (xs: readonly Tensor[], axis: number, shape: Shape): Tensor =>
  kernel(shape, xs[0]!.dtype, xs, (kernels, operands, out) => kernels.concat(operands, axis, out));

export const orderCases = defineCases('kernels', {
  'transpose/matrix': ({ backend, close }) => {
    void close(transpose(on(backend).floats(count([2, 3])), [1, 0]), [
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
  },
  'transpose/three-axes': ({ backend, close }) => {
    const x = on(backend).floats(count([2, 3, 2]));
    void close(transpose(x, [2, 0, 1]), [
      [
        [0, 2, 4],
        [6, 8, 10],
      ],
      [
        [1, 3, 5],
        [7, 9, 11],
      ],
    ]);
    void close(transpose(x, [1, 2, 0]), [
      [
        [0, 6],
        [1, 7],
      ],
      [
        [2, 8],
        [3, 9],
      ],
      [
        [4, 10],
        [5, 11],
      ],
    ]);
    void close(transpose(x, [0, 2, 1]), [
      [
        [0, 2, 4],
        [1, 3, 5],
      ],
      [
        [6, 8, 10],
        [7, 9, 11],
      ],
    ]);
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
    void close(
      transpose(
        ints([
          [1, -2],
          [3, 16777215],
        ]),
        [1, 0],
      ),
      [
        [1, 3],
        [-2, 16777215],
      ],
    );
    void close(
      transpose(
        bools([
          [1, 0],
          [1, 1],
        ]),
        [1, 0],
      ),
      [
        [1, 1],
        [0, 1],
      ],
    );
  },
  'transpose/scalar-and-empty': ({ backend, close }) => {
    void close(transpose(on(backend).floats(4), []), 4);
    void close(transpose(on(backend).floats({ shape: [0, 2], data: [] }), [1, 0]), { shape: [2, 0], data: [] });
  },
  // Beside the edges of tiles.
  'transpose/large': ({ backend, close }) => {
    const x = random(61, [33, 65], 2);
    const data = Array.from({ length: 33 * 65 }, (_, i) => x.data[(i % 33) * 65 + Math.floor(i / 33)]!);
    void close(transpose(on(backend).floats(x), [1, 0]), { shape: [65, 33], data });
  },

  'slice/begin': ({ backend, close }) => {
    const x = on(backend).floats(count([3, 4]));
    void close(slice(x, [1, 2], [1, 1], [2, 2]), [
      [6, 7],
      [10, 11],
    ]);
    void close(slice(x, [2, 0], [1, 1], [1, 3]), [[8, 9, 10]]);
  },
  'slice/strides': ({ backend, close }) => {
    const x = on(backend).floats(count([4, 5]));
    void close(slice(x, [0, 1], [2, 3], [2, 2]), [
      [1, 4],
      [11, 14],
    ]);
    void close(slice(x, [1, 0], [2, 2], [2, 3]), [
      [5, 7, 9],
      [15, 17, 19],
    ]);
  },
  // Reverse is a slice.
  'slice/negative-strides': ({ backend, close }) => {
    const x = on(backend).floats(count([3, 4]));
    void close(slice(x, [2, 3], [-1, -1], [3, 4]), [
      [11, 10, 9, 8],
      [7, 6, 5, 4],
      [3, 2, 1, 0],
    ]);
    void close(slice(x, [0, 3], [1, -2], [3, 2]), [
      [3, 1],
      [7, 5],
      [11, 9],
    ]);
    void close(slice(x, [2, 1], [-2, 1], [2, 2]), [
      [9, 10],
      [1, 2],
    ]);
  },
  'slice/three-axes': ({ backend, close }) => {
    const x = on(backend).floats(count([2, 3, 4]));
    void close(slice(x, [0, 1, 0], [1, 1, 1], [2, 1, 4]), [[[4, 5, 6, 7]], [[16, 17, 18, 19]]]);
    void close(slice(x, [1, 2, 3], [-1, -2, -3], [2, 2, 2]), [
      [
        [23, 20],
        [15, 12],
      ],
      [
        [11, 8],
        [3, 0],
      ],
    ]);
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
    const [a, b] = [
      floats([
        [1, 2],
        [3, 4],
      ]),
      floats([
        [5, 6],
        [7, 8],
      ]),
    ];
    void close(concat([a, b], 0, [4, 2]), [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    void close(concat([a, b], 1, [2, 4]), [
      [1, 2, 5, 6],
      [3, 4, 7, 8],
    ]);
  },
  'concat/unequal': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b, c] = [
      floats(count([2, 1, 2])),
      floats({ shape: [2, 3, 2], data: count([12]).data.map((v) => v + 10) }),
      floats({ shape: [2, 0, 2], data: [] }),
    ];
    const expected = [
      [
        [0, 1],
        [10, 11],
        [12, 13],
        [14, 15],
      ],
      [
        [2, 3],
        [16, 17],
        [18, 19],
        [20, 21],
      ],
    ];
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
    void close(concat([x, x], 0, [2, 2]), [
      [1, 2],
      [1, 2],
    ]);
  },
  'concat/dtypes': ({ backend, close }) => {
    const { ints, bools } = on(backend);
    void close(concat([ints([1]), ints([16777215, -3])], 0, [3]), [1, 16777215, -3]);
    void close(concat([bools([1, 0]), bools([1])], 0, [3]), [1, 0, 1]);
  },
});
