/**
 * Where kernels are seldom looked at and easily wrong: products of nothing, weights that are read both ways, many small
 * terms in one place, angles of many turns, exponentials next to underflow.
 */
import { div, type Backend, type Tensor } from '@recurra/core';
import { defineCases, type CaseEntry, type Numbers } from '../../case.js';
import { kernel, on } from '../on.js';
import { random } from '../random.js';

const matmul = (a: Tensor, b: Tensor, [m, n]: readonly [number, number], transposeB = false): Tensor =>
  kernel([m, n], 'float32', [a, b], (kernels, [p, q], out) =>
    kernels.matmul(p!, q!, { transposeA: false, transposeB }, out),
  );

const scatterAdd = (updates: Tensor, indices: Tensor, length: number): Tensor =>
  kernel([length], 'float32', [updates, indices], (kernels, [p, q], out) => kernels.scatterAdd(p!, q!, 0, out));

/** x·W of square W, or x·Wᵀ, in float64. */
function product(x: Numbers, w: Numbers, transposed: boolean): Numbers {
  const [m, n] = x.shape as [number, number];
  const data = Float64Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += x.data[i * n + k]! * w.data[transposed ? j * n + k : k * n + j]!;
    return sum;
  });
  return { shape: [m, n], data };
}

const coarse = ({ name, precision }: Backend): string | undefined =>
  precision === 16 ? `${name} holds 16 bits: these numbers are out of its range` : undefined;

/** float32 numbers of many turns, with their sine and cosine from mpmath at 60 digits. */
const turns = [
  [1048577, 0.9727535843134413, 0.23184146351624124],
  [1234567.5, -0.1266147869017853, -0.9919519624144183],
  [-2097153, -0.9947150113373305, -0.10267446722615317],
  [8388607.5, 0.8116577048646791, -0.5841333496161655],
  [16777213, 0.6833754826577004, -0.7300670857546963],
  [68279768, -0.5377766526084349, -0.8430873453618354],
  [329145504, -0.26039741933335697, 0.9655015194211389],
  [10000000000, -0.4875060250875107, 0.873119622676856],
] as const;

/** Numbers that no tolerance of their own would tell from 0: their ratio to what is right is 1. */
const ratio = (op: 'exp', table: readonly (readonly [x: number, y: number])[]): CaseEntry => ({
  skip: coarse,
  run({ backend, close }) {
    const [x, expected] = [0, 1].map((i) => on(backend).floats(table.map((row) => row[i]!)));
    const y = kernel([table.length], 'float32', [x!], (kernels, [p], out) => kernels.unary(op, p!, out));
    void close(div(y, expected!), table.map(() => 1)); // prettier-ignore
  },
});

export const limitCases = defineCases('kernels', {
  // Memory that was freed is used again, and here it is full of NaN: a sum of no terms is 0 all the same.
  'matmul/nothing-to-add-up': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats({ shape: [5, 0], data: [] }), floats({ shape: [0, 7], data: [] })];
    for (let i = 0; i < 3; i++) {
      const spoilt = kernel([5, 7], 'float32', [a], (kernels, _, out) => kernels.fill(NaN, out));
      spoilt.dispose();
    }
    void close(matmul(a, b, [5, 7]), { shape: [5, 7], data: new Float64Array(35) });
  },
  // Weights come again and may be kept in another layout; a square matrix fits either way, but is not the same.
  'matmul/same-weights-both-ways': ({ backend, close }) => {
    const { floats } = on(backend);
    const [x, numbers] = [random(33, [6, 33], 0.5), random(34, [33, 33], 0.5)];
    for (const first of [false, true]) {
      const w = floats(numbers);
      for (const transposed of [first, first, !first, !first, first])
        void close(matmul(floats(x), w, [6, 33], transposed), product(x, numbers, transposed));
    }
  },
  'unary/large-angles': {
    skip: coarse,
    run({ backend, close }) {
      const x = on(backend).floats(turns.map(([angle]) => angle));
      const shape = [turns.length];
      const [sin, cos] = (['sin', 'cos'] as const).map((op) =>
        kernel(shape, 'float32', [x], (kernels, [p], out) => kernels.unary(op, p!, out)),
      ) as [Tensor, Tensor];
      void close(sin, turns.map(([, y]) => y)); // prettier-ignore
      void close(cos, turns.map(([, , y]) => y)); // prettier-ignore
    },
  },
  // The smallest numbers that are normal at 32 bits; below them a device may give 0, as it may for any denormal.
  'unary/exp-next-to-underflow': ratio('exp', [
    [-80, 1.8048513878454153e-35],
    [-86.5, 2.7134843139867624e-38],
    [-87.25, 1.2817592313147442e-38],
  ]),
  // The largest that are finite.
  'unary/exp-next-to-overflow': ratio('exp', [
    [80, 5.54062238439351e34],
    [88.25, 2.120742930535254e38],
    [88.6875, 3.284670906427144e38],
  ]),
  // Adding in parallel must lose none.
  'scatterAdd/many-in-one-place': {
    skip: coarse,
    run({ backend, close }) {
      const { floats, ints } = on(backend);
      const n = 3000;
      const updates = random(77, [n], 1);
      const places = Array.from({ length: n }, (_, i) => i % 3);
      const sums = [0, 0, 0];
      updates.data.forEach((v, i) => (sums[i % 3]! += v));
      void close(scatterAdd(floats(updates), ints(places), 3), sums);
    },
  },
});
