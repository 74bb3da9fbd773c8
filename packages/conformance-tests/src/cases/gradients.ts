/** Every gradient against PyTorch's, in float64: Σ output·g differentiated by each input. */
import * as core from '@recurra/core';
import {
  add,
  broadcastTo,
  clip,
  concat,
  expandDims,
  full,
  gather,
  grad,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  pad,
  reshape,
  reverse,
  scatterAdd,
  sigmoid,
  slice,
  softmax,
  split,
  square,
  squeeze,
  stack,
  stopGradient,
  sum,
  tanh,
  tile,
  transpose,
  unstack,
  valueAndGrad,
  where,
  type Backend,
} from '@recurra/core';
import { defineCases, type CaseEntry } from '../case.js';
import { gradients } from '../vectors.js';
import { on, type Floats } from './on.js';

type Function = (x: Floats, y: Floats, backend: Backend) => Floats;

/** The functions whose vectors are not simply those of an op by the same name. */
const functions: Readonly<Record<string, Function>> = {
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

const ops = Object.fromEntries(
  Object.entries(gradients.ops).map(([name, vector]): [string, CaseEntry] => [
    name,
    ({ backend, close }) => {
      const { floats } = on(backend);
      const f = functions[name] ?? (core[name as 'add'] as Function);
      const unary = vector.inputs.length === 1 && functions[name] === undefined;
      const g = floats(vector.cotangent);
      const inputs = vector.inputs.map((x) => floats(x));
      void close(unary ? f(inputs[0]!, undefined!, backend) : f(inputs[0]!, inputs[1]!, backend), vector.output);
      const [, grads] = valueAndGrad((xs: Floats[]) =>
        sum(mul(unary ? (f as (x: Floats) => Floats)(xs[0]!) : f(xs[0]!, xs[1]!, backend), g)),
      )(inputs);
      grads.forEach((found, i) => void close(found, vector.gradients[i]!));
    },
  ]),
);

const secondOrder: Readonly<Record<string, (x: Floats, y: Floats) => Floats>> = {
  tanh: (x) => sum(square(tanh(x))),
  product: (x, y) => sum(mul(sigmoid(matmul(x, y)), sum(x))),
  softmax: (x) => sum(mul(square(softmax(x)), x)),
};

const second = Object.fromEntries(
  Object.entries(gradients.second).map(([name, vector]): [string, CaseEntry] => [
    `second-order/${name}`,
    ({ backend, close }) => {
      const { floats } = on(backend);
      const inputs = vector.inputs.map((x) => floats(x));
      const first = (xs: Floats[]): Floats => grad((x: Floats) => secondOrder[name]!(x, xs[1]!))(xs[0]!);
      void close(first(inputs), vector.first);
      const w = floats(vector.cotangent);
      const found = grad((xs: Floats[]) => sum(mul(first(xs), w)))(inputs);
      found.forEach((g, i) => void close(g, vector.second[i]!));
    },
  ]),
);

export const gradientCases = defineCases('gradients', {
  ...ops,
  ...second,

  'used-twice': ({ backend, close }) => {
    const x = on(backend).floats([2, -3]);
    void close(grad((v: Floats) => sum(add(mul(v, v), v)))(x), [5, -5]);
  },
  'not-used': ({ backend, close }) => {
    const { floats } = on(backend);
    const found = grad(({ a }: { a: Floats; b: Floats }) => sum(a))({ a: floats([1]), b: floats([2, 3]) });
    void close(found.a, [1]);
    void close(found.b, [0, 0]);
  },
  'stop-gradient': ({ backend, close }) => {
    const x = on(backend).floats([2, -3]);
    void close(grad((v: Floats) => sum(mul(stopGradient(v), v)))(x), [2, -3]);
  },
  // Equals share: TensorFlow's rule for max over axes, the first operand for maximum.
  ties: ({ backend, close }) => {
    const { floats } = on(backend);
    void close(
      grad((v: Floats) => sum(max(v, { axis: 1 })))(
        floats([
          [1, 3, 3],
          [5, 2, 1],
        ]),
      ),
      [
        [0, 0.5, 0.5],
        [1, 0, 0],
      ],
    );
    const both = grad(({ a, b }: { a: Floats; b: Floats }) => sum(maximum(a, b)))({
      a: floats([1, 2]),
      b: floats([1, 3]),
    });
    void close(both.a, [1, 0]);
    void close(both.b, [0, 1]);
    const low = grad(({ a, b }: { a: Floats; b: Floats }) => sum(minimum(a, b)))({
      a: floats([1, 2]),
      b: floats([1, 3]),
    });
    void close(low.a, [1, 1]);
  },
  'scatter-same-place': ({ backend, close }) => {
    const table = on(backend).floats([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const found = grad((v: Floats) =>
      sum(
        mul(
          gather(v, on(backend).ints([1, 1, 0])),
          on(backend).floats([
            [1, 2],
            [4, 8],
            [16, 32],
          ]),
        ),
      ),
    )(table);
    void close(found, [
      [16, 32],
      [5, 10],
      [0, 0],
    ]);
  },
  // Not chosen, so without influence, in the gradient too.
  'where-nan': ({ backend, close }) => {
    const x = on(backend).floats([4, -1]);
    const found = grad((v: Floats) => sum(where(core.greater(v, 0), core.sqrt(where(core.greater(v, 0), v, 1)), 0)))(x);
    void close(found, [0.25, 0]);
  },
  'of-a-tree': ({ backend, close }) => {
    const { floats } = on(backend);
    const tree = { w: [floats([[1, 2]]), floats([[3], [4]])], s: { b: floats(2) } } as const;
    const [value, found] = valueAndGrad(({ w, s }: { w: readonly [Floats, Floats]; s: { b: Floats } }) =>
      sum(mul(matmul(w[0], w[1]), s.b)),
    )(tree);
    void close(value, 22);
    void close(found.w[0], [[6, 8]]);
    void close(found.w[1], [[2], [4]]);
    void close(found.s.b, 11);
  },
  'through-a-constant': ({ backend, close }) => {
    const x = on(backend).floats([1, 2]);
    void close(grad((v: Floats) => sum(mul(v, full([2], 3, { backend }))))(x), [3, 3]);
  },
});
