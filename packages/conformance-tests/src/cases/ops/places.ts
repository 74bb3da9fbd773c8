/** Ops that move numbers: shapes, windows, parts, repeats. */
import {
  broadcastTo,
  concat,
  expandDims,
  gather,
  oneHot,
  pad,
  reshape,
  reverse,
  slice,
  split,
  squeeze,
  stack,
  sum,
  tile,
  transpose,
  unstack,
} from '@recurra/core';
import { defineCases } from '../../case.js';
import { on, type Floats } from '../on.js';
import { random } from '../random.js';

export const placeCases = defineCases('ops', {
  'reshape/keeps-order': ({ backend, close }) => {
    const x = on(backend).floats([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    void close(reshape(x, [3, -1]), [
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    void close(transpose(reshape(x, [3, 2])), [
      [1, 3, 5],
      [2, 4, 6],
    ]);
    void close(squeeze(expandDims(x, 1)), [
      [1, 2, 3],
      [4, 5, 6],
    ]);
    void close(sum(expandDims(x, -1), { axis: 0 }), [[5], [7], [9]]);
  },
  // Without an axis every one of length 1 goes, wherever it is.
  'squeeze/every-axis': ({ backend, close }) => {
    const x = on(backend).ints({ shape: [1, 2, 1, 3, 1], data: [1, 2, 3, 4, 5, 6] });
    void close(squeeze(x), { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] });
    void close(squeeze(x, [0, -1]), { shape: [2, 1, 3], data: [1, 2, 3, 4, 5, 6] });
  },
  'broadcastTo/int32': ({ backend, close }) => {
    void close(broadcastTo(on(backend).ints([[2], [-7]]), [2, 2, 2]), {
      shape: [2, 2, 2],
      data: [2, 2, -7, -7, 2, 2, -7, -7],
    });
  },
  'slice/negative-begin': ({ backend, close }) => {
    const x = on(backend).floats([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    void close(slice(x, [-1, -2], [-1, 1]), [[5]]);
    void close(slice(x, [0], [1]), [[1, 2, 3]]);
    void close(slice(x, [], [], [1, -1]), [
      [3, 2, 1],
      [6, 5, 4],
    ]);
  },
  'split-and-concat': ({ backend, close }) => {
    const x = on(backend).floats(random(91, [2, 6]));
    const thirds = split(x, 3, -1);
    void close(thirds[1]!, { shape: [2, 2], data: [2, 3, 8, 9].map((i) => random(91, [2, 6]).data[i]!) });
    void close(concat(thirds, 1), random(91, [2, 6]));
    const [a, b] = split(x, [1, 5], 1) as [Floats, Floats];
    void close(concat([b, a], 1), {
      shape: [2, 6],
      data: [1, 2, 3, 4, 5, 0, 7, 8, 9, 10, 11, 6].map((i) => random(91, [2, 6]).data[i]!),
    });
  },
  'stack-and-unstack': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([1, 2, 3]), floats([4, 5, 6])];
    void close(stack([a, b]), [
      [1, 2, 3],
      [4, 5, 6],
    ]);
    void close(stack([a, b], -1), [
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    const columns = unstack(stack([a, b]), 1);
    void close(columns[2]!, [3, 6]);
  },
  pad: ({ backend, close }) => {
    void close(
      pad(
        on(backend).floats([
          [1, 2],
          [3, 4],
        ]),
        [
          [0, 1],
          [2, 0],
        ],
        -1,
      ),
      [
        [-1, -1, 1, 2],
        [-1, -1, 3, 4],
        [-1, -1, -1, -1],
      ],
    );
    void close(pad(on(backend).ints([5]), [[1, 1]]), [0, 5, 0]);
  },
  reverse: ({ backend, close }) => {
    const x = on(backend).floats([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    void close(reverse(x, 1), [
      [3, 2, 1],
      [6, 5, 4],
    ]);
    void close(reverse(x, 0), [
      [4, 5, 6],
      [1, 2, 3],
    ]);
    void close(reverse(x), [
      [6, 5, 4],
      [3, 2, 1],
    ]);
  },
  'tile-and-broadcast': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    void close(tile(floats([[1, 2]]), [2, 2]), [
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ]);
    void close(broadcastTo(floats([[1], [NaN]]), [2, 2]), [
      [1, 1],
      [NaN, NaN],
    ]);
    void close(broadcastTo(bools([1, 0]), [2, 2]), [
      [1, 0],
      [1, 0],
    ]);
  },
  oneHot: ({ backend, close }) => {
    void close(oneHot(on(backend).ints([2, 0, -1, 3]), 3), [
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    void close(oneHot(on(backend).ints([[1], [0]]), 2, 0), [
      [[0], [1]],
      [[1], [0]],
    ]);
  },
  'gather/embedding': ({ backend, close }) => {
    const table = random(92, [5, 3]);
    const y = gather(
      on(backend).floats(table),
      on(backend).ints([
        [4, 0],
        [4, 2],
      ]),
    );
    void close(y, {
      shape: [2, 2, 3],
      data: [4, 0, 4, 2].flatMap((row) => Array.from(table.data.slice(row * 3, row * 3 + 3))),
    });
  },
});
