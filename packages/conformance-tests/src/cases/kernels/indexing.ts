/** Kernels whose places are data: gather, and scatterAdd, its transpose. */
import type { Tensor } from '@recurra/core';
import { defineCases } from '../../case.js';
import { count, kernel, on } from '../on.js';

const gather = (x: Tensor, indices: Tensor, axis: number): Tensor =>
  kernel(x.shape.toSpliced(axis, 1, ...indices.shape), x.dtype, [x, indices], (kernels, [p, q], out) =>
    kernels.gather(p!, q!, axis, out),
  );

const scatterAdd = (updates: Tensor, indices: Tensor, axis: number, length: number): Tensor =>
  kernel(
    updates.shape.toSpliced(axis, indices.rank, length),
    updates.dtype,
    [updates, indices],
    (kernels, [p, q], out) => kernels.scatterAdd(p!, q!, axis, out),
  );

export const indexingCases = defineCases('kernels', {
  'gather/rows': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(gather(floats(count([3, 2])), ints([2, 0, 2, 1]), 0), [
      [4, 5],
      [0, 1],
      [4, 5],
      [2, 3],
    ]);
  },
  'gather/other-axes': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const x = floats(count([2, 3, 2]));
    void close(gather(x, ints([2, 0]), 1), [
      [
        [4, 5],
        [0, 1],
      ],
      [
        [10, 11],
        [6, 7],
      ],
    ]);
    void close(gather(x, ints([1, 1, 0]), 2), [
      [
        [1, 1, 0],
        [3, 3, 2],
        [5, 5, 4],
      ],
      [
        [7, 7, 6],
        [9, 9, 8],
        [11, 11, 10],
      ],
    ]);
  },
  'gather/indices-of-any-rank': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const x = floats(count([3, 2]));
    void close(
      gather(
        x,
        ints([
          [2, 0],
          [1, 1],
        ]),
        0,
      ),
      [
        [
          [4, 5],
          [0, 1],
        ],
        [
          [2, 3],
          [2, 3],
        ],
      ],
    );
    void close(gather(x, ints(1), 0), [2, 3]);
    void close(gather(x, ints([[1], [0]]), 1), [
      [[1], [0]],
      [[3], [2]],
      [[5], [4]],
    ]);
    void close(gather(x, ints({ shape: [0], data: [] }), 0), { shape: [0, 2], data: [] });
  },
  'gather/out-of-range': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(
      gather(
        floats([
          [1, 2],
          [3, 4],
        ]),
        ints([-1, 1, 2, 1000000]),
        0,
      ),
      [
        [0, 0],
        [3, 4],
        [0, 0],
        [0, 0],
      ],
    );
    void close(
      gather(
        floats([
          [1, 2],
          [3, 4],
        ]),
        ints([2, -1, 1]),
        1,
      ),
      [
        [0, 0, 2],
        [0, 0, 4],
      ],
    );
  },
  // Memory that was freed is used again, and here it is full of 7: a row that is not there is 0 all the same.
  'gather/out-of-range-in-used-memory': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const [x, places] = [floats([1, 2, 3]), ints([9, -1, 2, 9])];
    for (let i = 0; i < 3; i++) floats([7, 7, 7, 7]).dispose();
    void close(gather(x, places, 0), [0, 0, 3, 0]);
  },
  'gather/dtypes': ({ backend, close }) => {
    const { ints, bools } = on(backend);
    void close(gather(ints([5, 16777215, -6]), ints([1, 2]), 0), [16777215, -6]);
    void close(gather(bools([1, 0, 0]), ints([0, 1, 5]), 0), [1, 0, 0]);
  },

  'scatterAdd/rows': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const updates = floats([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    void close(scatterAdd(updates, ints([2, 0, 3]), 0, 4), [
      [3, 4],
      [0, 0],
      [1, 2],
      [5, 6],
    ]);
  },
  // What goes to the same place is added up; overwriting loses all but one.
  'scatterAdd/same-place': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const updates = floats([
      [1, 2],
      [10, 20],
      [100, 200],
      [1000, 2000],
    ]);
    void close(scatterAdd(updates, ints([1, 0, 1, 1]), 0, 3), [
      [10, 20],
      [1101, 2202],
      [0, 0],
    ]);
  },
  'scatterAdd/other-axes': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const updates = floats([
      [1, 2, 4],
      [8, 16, 32],
    ]);
    void close(scatterAdd(updates, ints([1, 1, 0]), 1, 2), [
      [4, 3],
      [32, 24],
    ]);
    void close(
      scatterAdd(
        floats(count([2, 2, 3])),
        ints([
          [1, 0],
          [0, 1],
        ]),
        0,
        2,
      ),
      [
        [9, 11, 13],
        [9, 11, 13],
      ],
    );
    void close(scatterAdd(floats([7, 8]), ints(1), 0, 3), [
      [0, 0],
      [7, 8],
      [0, 0],
    ]);
  },
  'scatterAdd/out-of-range': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(scatterAdd(floats([1, 2, 4, 8]), ints([-1, 1, 2, 1000000]), 0, 2), [0, 2]);
  },
  'scatterAdd/int32-and-empty': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(scatterAdd(ints([16777213, 1, 1, -5]), ints([1, 1, 1, 0]), 0, 2), [-5, 16777215]);
    void close(scatterAdd(floats({ shape: [0, 2], data: [] }), ints({ shape: [0], data: [] }), 0, 2), [
      [0, 0],
      [0, 0],
    ]);
  },
});
