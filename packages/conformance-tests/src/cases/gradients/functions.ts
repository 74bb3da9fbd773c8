/** What is differentiated, by name: ops at arguments of their own, made from a library of ops so that it can be a broken one. */
import type * as core from '@recurra/core';
import type { Backend } from '@recurra/core';
import { on, type Floats } from '../on.js';

/** All of core's ops. */
export type Ops = typeof core;
export type OpOf = (x: Floats, y: Floats, backend: Backend) => Floats;

/** The functions whose vectors are not simply those of an op by the same name. */
export function functionsOf(ops: Ops): Readonly<Record<string, OpOf>> {
  const {
    add,
    broadcastTo,
    clip,
    concat,
    expandDims,
    gather,
    logSumExp,
    matmul,
    max,
    mean,
    min,
    mul,
    pad,
    reshape,
    reverse,
    scatterAdd,
    slice,
    softmax,
    split,
    squeeze,
    stack,
    sum,
    tile,
    transpose,
    unstack,
    where,
  } = ops;
  return {
    where: (x, y, backend) =>
      where(
        on(backend).bools([
          [1, 0, 1],
          [0, 0, 1],
        ]),
        x,
        y,
      ),
    clip: (x) => clip(x, -0.25, 0.25),
    sum: (x) => sum(x, { axis: [0, 2] }),
    'sum-keep-dims': (x) => sum(x, { axis: 1, keepDims: true }),
    mean: (x) => mean(x, { axis: 1 }),
    max: (x) => max(x, { axis: [0, 2] }),
    min: (x) => min(x, { axis: 1 }),
    softmax: (x) => softmax(x),
    'softmax-first-axis': (x) => softmax(x, 0),
    logSumExp: (x) => logSumExp(x, { axis: -1 }),
    matmul: (x, y) => matmul(x, y),
    'matmul-transpose-a': (x, y) => matmul(x, y, { transposeA: true }),
    'matmul-transpose-b': (x, y) => matmul(x, y, { transposeB: true }),
    'matmul-transpose-both': (x, y) => matmul(x, y, { transposeA: true, transposeB: true }),
    'matmul-broadcast': (x, y) => matmul(x, y),
    transpose: (x) => transpose(x, [2, 0, 1]),
    reshape: (x) => reshape(x, [3, 2]),
    expandDims: (x) => expandDims(x, 1),
    squeeze: (x) => squeeze(x, 1),
    slice: (x) => slice(x, [1], [], [1, 2]),
    'slice-backwards': (x) => slice(x, [0, 3], [], [1, -2]),
    split(x) {
      const [, b, c] = split(x, [1, 2, 2], 1) as [Floats, Floats, Floats];
      return add(mul(b, 2), c);
    },
    concat: (x, y) => concat([x, y, x], 1),
    stack: (x, y) => stack([x, y], 1),
    unstack(x) {
      const [a, b] = unstack(x) as [Floats, Floats];
      return mul(a, b);
    },
    pad: (x) =>
      pad(x, [
        [0, 1],
        [2, 1],
      ]),
    reverse: (x) => reverse(x, 1),
    tile: (x) => tile(x, [2, 3]),
    broadcastTo: (x) => broadcastTo(x, [4, 2, 3]),
    gather: (x, _, backend) => gather(x, on(backend).ints([2, 0, 2, 1])),
    'gather-last-axis': (x, _, backend) => gather(x, on(backend).ints([2, 0, 2, 1]), 1),
    scatterAdd: (x, _, backend) => scatterAdd(x, on(backend).ints([2, 0, 2, 1]), 3),
  };
}

/** What is differentiated twice. */
export function secondOrderOf(ops: Ops): Readonly<Record<string, (x: Floats, y: Floats) => Floats>> {
  const { matmul, mul, sigmoid, softmax, square, sum, tanh } = ops;
  return {
    tanh: (x) => sum(square(tanh(x))),
    product: (x, y) => sum(mul(sigmoid(matmul(x, y)), sum(x))),
    softmax: (x) => sum(mul(square(softmax(x)), x)),
  };
}
