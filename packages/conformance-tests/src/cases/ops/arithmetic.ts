/** Reductions, comparisons and arithmetic that are more than one kernel. */
import {
  all,
  any,
  argMax,
  argMin,
  cast,
  clip,
  div,
  greater,
  greaterEqual,
  maximum,
  mean,
  mul,
  notEqual,
  sub,
  sum,
  where,
} from '@recurra/core';
import { defineCases } from '../../case.js';
import { on } from '../on.js';

export const arithmeticCases = defineCases('ops', {
  'mean/axes': ({ backend, close }) => {
    const x = on(backend).floats([
      [
        [1, 2],
        [3, 7],
      ],
      [
        [-4, 0],
        [0.5, 4.5],
      ],
    ]);
    void close(mean(x), 1.75);
    void close(mean(x, { axis: 0 }), [
      [-1.5, 1],
      [1.75, 5.75],
    ]);
    void close(mean(x, { axis: [0, -1], keepDims: true }), [[[-0.25], [3.75]]]);
  },
  'all-and-any': ({ backend, close }) => {
    const x = on(backend).bools([
      [1, 1],
      [0, 1],
      [0, 0],
    ]);
    void close(all(x, { axis: 1 }), [1, 0, 0]);
    void close(any(x, { axis: 1 }), [1, 1, 0]);
    void close(all(x), 0);
    void close(any(x), 1);
  },
  'argMax/kept-axes': ({ backend, close }) => {
    const x = on(backend).floats({ shape: [2, 1, 3], data: [1, 5, 2, 0, 3, 7] });
    void close(argMax(x, { keepDims: true }), [[[5]]]);
    void close(argMax(x, { axis: -1, keepDims: true }), [[[1]], [[2]]]);
  },
  'argMax/axes': ({ backend, close }) => {
    const x = on(backend).floats([
      [1, 9, 3],
      [7, 2, 8],
    ]);
    void close(argMax(x, { axis: 1 }), [1, 2]);
    void close(argMax(x, { axis: 0 }), [1, 0, 1]);
    void close(argMin(x, { axis: -1 }), [0, 1]);
    void close(argMax(x), 1);
  },
  // The relations that are not kernels: NaN is not equal, and neither greater nor less.
  comparisons: ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([1, 2, 3, NaN]), floats([2, 2, 1, NaN])];
    void close(notEqual(a, b), [1, 0, 1, 1]);
    void close(greater(a, b), [0, 0, 1, 0]);
    void close(greaterEqual(a, b), [0, 1, 1, 0]);
  },
  'numbers-as-operands': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    void close(sub(10, floats([1, 2.5])), [9, 7.5]);
    void close(div(floats([1, 2.5]), 4), [0.25, 0.625]);
    void close(mul(ints([3, -4]), 5), [15, -20]);
    void close(maximum(0, floats([-1, 2])), [0, 2]);
    void close(where(on(backend).bools([1, 0]), 7, floats([1, 2])), [7, 2]);
  },
  clip: ({ backend, close }) => {
    void close(clip(on(backend).floats([-3, -0.5, 0.25, 2, NaN]), -1, 1), [-1, -0.5, 0.25, 1, NaN]);
    void close(clip(on(backend).ints([-3, 0, 9]), -1, 5), [-1, 0, 5]);
  },
  // A chain of ops of each dtype, as a model would run it.
  chain: ({ backend, close }) => {
    const { floats } = on(backend);
    const x = floats([
      [0.5, -1, 2],
      [3, 0, -0.25],
    ]);
    const positive = cast(greater(x, 0), 'float32');
    void close(sum(mul(x, positive), { axis: 1 }), [2.5, 3]);
  },
});
