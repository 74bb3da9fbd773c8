/** What is composed of kernels: activations, softmax, and the ops that have no kernel of their own. */
import * as core from '@recurra/core';
import {
  all,
  any,
  argMax,
  argMin,
  broadcastTo,
  clip,
  concat,
  expandDims,
  gather,
  greater,
  greaterEqual,
  logSoftmax,
  logSumExp,
  mean,
  notEqual,
  oneHot,
  pad,
  reshape,
  reverse,
  slice,
  softmax,
  split,
  squeeze,
  stack,
  sum,
  tile,
  transpose,
  unstack,
  type Tensor,
} from '@recurra/core';
import { defineCases, type CaseEntry } from '../case.js';
import { functions } from '../vectors.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

const activations = Object.fromEntries(
  Object.entries(functions.activations).map(([name, { x, y }]): [string, CaseEntry] => [
    `activation/${name}`,
    ({ backend, close }) => {
      const held = x.flatMap((_, i) => (backend.precision > 16 || Math.abs(y[i]!) < 60000 ? [i] : []));
      const f = core[name as 'tanh'] as (x: Floats) => Floats;
      void close(f(on(backend).floats(held.map((i) => x[i]!))), held.map((i) => y[i]!));
    },
  ]),
);

function softmaxOf(row: readonly number[]): number[] {
  const exps = row.map((v) => Math.exp(v - Math.max(...row)));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((v) => v / total);
}

const rows = [
  [1, -2, 0.5],
  [3, 3.5, -4],
];

export const opCases = defineCases('ops', {
  ...activations,

  'softmax/last-axis': ({ backend, close }) => void close(softmax(on(backend).floats(rows)), rows.map(softmaxOf)),
  'softmax/first-axis': ({ backend, close }) => {
    const columns = [0, 1, 2].map((j) => softmaxOf(rows.map((row) => row[j]!)));
    void close(softmax(on(backend).floats(rows), 0), [0, 1].map((i) => columns.map((column) => column[i]!)));
  },
  // Without taking the maximum off first, these overflow.
  'softmax/large': ({ backend, close }) => {
    const x = [[1000, 1001, 999], [-2000, -2000, -2001.5]];
    void close(softmax(on(backend).floats(x)), x.map(softmaxOf));
  },
  'softmax/infinities': ({ backend, close }) => {
    const x = on(backend).floats([[-Infinity, 0, 1], [-Infinity, -Infinity, -Infinity], [1, NaN, 2]]);
    const [a, b] = softmaxOf([0, 1]) as [number, number];
    void close(softmax(x), [[0, a, b], [NaN, NaN, NaN], [NaN, NaN, NaN]]);
  },
  'softmax/sizes': ({ backend, close }) => {
    for (const n of [1, 3, 17, 65, 300]) {
      const x = random(n, [2, n], 3);
      const wide = [x.data.slice(0, n), x.data.slice(n)].map((row) => softmaxOf(Array.from(row)));
      void close(softmax(on(backend).floats(x)), wide);
    }
  },
  'logSoftmax/small-probabilities': ({ backend, close }) => {
    const x = [[0, -200, 3], [500, 0, 499]];
    const expected = x.map((row) => {
      const most = Math.max(...row);
      const total = Math.log(row.reduce((sum, v) => sum + Math.exp(v - most), 0));
      return row.map((v) => v - most - total);
    });
    void close(logSoftmax(on(backend).floats(x)), expected);
  },
  'logSumExp/large': ({ backend, close }) => {
    const y = logSumExp(on(backend).floats([[1000, 1000], [-Infinity, 2], [-1, 1]]), { axis: -1 });
    void close(y, [1000 + Math.LN2, 2, Math.log(Math.exp(-1) + Math.exp(1))]);
  },

  'mean/axes': ({ backend, close }) => {
    const x = on(backend).floats([[[1, 2], [3, 7]], [[-4, 0], [0.5, 4.5]]]);
    void close(mean(x), 1.75);
    void close(mean(x, { axis: 0 }), [[-1.5, 1], [1.75, 5.75]]);
    void close(mean(x, { axis: [0, -1], keepDims: true }), [[[-0.25], [3.75]]]);
  },
  'all-and-any': ({ backend, close }) => {
    const x = on(backend).bools([[1, 1], [0, 1], [0, 0]]);
    void close(all(x, { axis: 1 }), [1, 0, 0]);
    void close(any(x, { axis: 1 }), [1, 1, 0]);
    void close(all(x), 0);
    void close(any(x), 1);
  },
  'argMax/axes': ({ backend, close }) => {
    const x = on(backend).floats([[1, 9, 3], [7, 2, 8]]);
    void close(argMax(x, { axis: 1 }), [1, 2]);
    void close(argMax(x, { axis: 0 }), [1, 0, 1]);
    void close(argMin(x, { axis: -1 }), [0, 1]);
    void close(argMax(x), 1);
  },
  // The relations that are not kernels: NaN is not equal, and neither greater nor less.
  'comparisons': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([1, 2, 3, NaN]), floats([2, 2, 1, NaN])];
    void close(notEqual(a, b), [1, 0, 1, 1]);
    void close(greater(a, b), [0, 0, 1, 0]);
    void close(greaterEqual(a, b), [0, 1, 1, 0]);
  },
  'numbers-as-operands': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(core.sub(10, floats([1, 2.5])), [9, 7.5]);
    void close(core.div(floats([1, 2.5]), 4), [0.25, 0.625]);
    void close(core.mul(ints([3, -4]), 5), [15, -20]);
    void close(core.maximum(0, floats([-1, 2])), [0, 2]);
    void close(core.where(on(backend).bools([1, 0]), 7, floats([1, 2])), [7, 2]);
  },
  clip: ({ backend, close }) => {
    void close(clip(on(backend).floats([-3, -0.5, 0.25, 2, NaN]), -1, 1), [-1, -0.5, 0.25, 1, NaN]);
    void close(clip(on(backend).ints([-3, 0, 9]), -1, 5), [-1, 0, 5]);
  },

  'reshape/keeps-order': ({ backend, close }) => {
    const x = on(backend).floats([[1, 2, 3], [4, 5, 6]]);
    void close(reshape(x, [3, -1]), [[1, 2], [3, 4], [5, 6]]);
    void close(transpose(reshape(x, [3, 2])), [[1, 3, 5], [2, 4, 6]]);
    void close(squeeze(expandDims(x, 1)), [[1, 2, 3], [4, 5, 6]]);
    void close(sum(expandDims(x, -1), { axis: 0 }), [[5], [7], [9]]);
  },
  'slice/negative-begin': ({ backend, close }) => {
    const x = on(backend).floats([[1, 2, 3], [4, 5, 6]]);
    void close(slice(x, [-1, -2], [-1, 1]), [[5]]);
    void close(slice(x, [0], [1]), [[1, 2, 3]]);
    void close(slice(x, [], [], [1, -1]), [[3, 2, 1], [6, 5, 4]]);
  },
  'split-and-concat': ({ backend, close }) => {
    const x = on(backend).floats(random(91, [2, 6]));
    const thirds = split(x, 3, -1);
    void close(thirds[1]!, { shape: [2, 2], data: [2, 3, 8, 9].map((i) => random(91, [2, 6]).data[i]!) });
    void close(concat(thirds, 1), random(91, [2, 6]));
    const [a, b] = split(x, [1, 5], 1) as [Floats, Floats];
    void close(concat([b, a], 1), { shape: [2, 6], data: [1, 2, 3, 4, 5, 0, 7, 8, 9, 10, 11, 6].map((i) => random(91, [2, 6]).data[i]!) });
  },
  'stack-and-unstack': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([1, 2, 3]), floats([4, 5, 6])];
    void close(stack([a, b]), [[1, 2, 3], [4, 5, 6]]);
    void close(stack([a, b], -1), [[1, 4], [2, 5], [3, 6]]);
    const columns = unstack(stack([a, b]), 1);
    void close(columns[2]!, [3, 6]);
  },
  pad: ({ backend, close }) => {
    void close(pad(on(backend).floats([[1, 2], [3, 4]]), [[0, 1], [2, 0]], -1), [[-1, -1, 1, 2], [-1, -1, 3, 4], [-1, -1, -1, -1]]);
    void close(pad(on(backend).ints([5]), [[1, 1]]), [0, 5, 0]);
  },
  reverse: ({ backend, close }) => {
    const x = on(backend).floats([[1, 2, 3], [4, 5, 6]]);
    void close(reverse(x, 1), [[3, 2, 1], [6, 5, 4]]);
    void close(reverse(x, 0), [[4, 5, 6], [1, 2, 3]]);
    void close(reverse(x), [[6, 5, 4], [3, 2, 1]]);
  },
  'tile-and-broadcast': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    void close(tile(floats([[1, 2]]), [2, 2]), [[1, 2, 1, 2], [1, 2, 1, 2]]);
    void close(broadcastTo(floats([[1], [NaN]]), [2, 2]), [[1, 1], [NaN, NaN]]);
    void close(broadcastTo(bools([1, 0]), [2, 2]), [[1, 0], [1, 0]]);
  },
  oneHot: ({ backend, close }) => {
    void close(oneHot(on(backend).ints([2, 0, -1, 3]), 3), [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]]);
    void close(oneHot(on(backend).ints([[1], [0]]), 2, 0), [[[0], [1]], [[1], [0]]]);
  },
  'gather/embedding': ({ backend, close }) => {
    const table = random(92, [5, 3]);
    const y = gather(on(backend).floats(table), on(backend).ints([[4, 0], [4, 2]]));
    void close(y, { shape: [2, 2, 3], data: [4, 0, 4, 2].flatMap((row) => Array.from(table.data.slice(row * 3, row * 3 + 3))) });
  },
  // A chain of ops of each dtype, as a model would run it.
  chain: ({ backend, close }) => {
    const { floats } = on(backend);
    const x = floats([[0.5, -1, 2], [3, 0, -0.25]]);
    const positive: Tensor = core.cast(greater(x, 0), 'float32');
    void close(sum(core.mul(x, positive as Floats), { axis: 1 }), [2.5, 3]);
  },
});
