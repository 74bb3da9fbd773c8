/**
 * More than a loop, a tile, a workgroup or a grid takes at once: what a kernel leaves out when it stops too early. Whole
 * numbers, so that every sum is exact at any precision.
 */
import type { BinaryOp, CompareOp, DType, ReduceOp, Tensor, UnaryOp } from '@recurra/core';
import { defineCases, type CaseEntry, type Numbers } from '../../case.js';
import { kernel, on } from '../on.js';

/** More than 2¹⁶, and no power of two. */
const many = 70001;
const list = (n: number, f: (i: number) => number): Numbers => ({
  shape: [n],
  data: Float64Array.from({ length: n }, (_, i) => f(i)),
});

/** [m, k] · [k, n] of small whole numbers. */
const product = (m: number, k: number, n: number): CaseEntry => ({
  skip: ({ name, precision }) =>
    precision === 16 ? `${name} holds 16 bits: the sums are out of its range` : undefined,
  run({ backend, close }) {
    const a = Float64Array.from({ length: m * k }, (_, i) => (i % 7) - 2);
    const b = Float64Array.from({ length: k * n }, (_, i) => (i % 5) - 1);
    const expected = new Float64Array(m * n);
    for (let i = 0; i < m; i++)
      for (let p = 0; p < k; p++) for (let j = 0; j < n; j++) expected[i * n + j]! += a[i * k + p]! * b[p * n + j]!;
    const { floats } = on(backend);
    const [x, y] = [floats({ shape: [m, k], data: a }), floats({ shape: [k, n], data: b })];
    const out = kernel([m, n], 'float32', [x, y], (kernels, [p, q], spec) =>
      kernels.matmul(p!, q!, { transposeA: false, transposeB: false }, spec),
    );
    void close(out, { shape: [m, n], data: expected });
  },
});

const unary = (op: UnaryOp, x: Tensor): Tensor =>
  kernel(x.shape, x.dtype, [x], (kernels, [p], out) => kernels.unary(op, p!, out));
const binary = (op: BinaryOp, a: Tensor, b: Tensor): Tensor =>
  kernel(a.shape, a.dtype, [a, b], (kernels, [p, q], out) => kernels.binary(op, p!, q!, out));
const compare = (op: CompareOp, a: Tensor, b: Tensor): Tensor =>
  kernel(a.shape, 'bool', [a, b], (kernels, [p, q], out) => kernels.compare(op, p!, q!, out));
const reduce = (op: ReduceOp, x: Tensor, axis: number): Tensor =>
  kernel(x.shape.toSpliced(axis, 1), x.dtype as DType, [x], (kernels, [p], out) => kernels.reduce(op, p!, [axis], out));

export const sizeCases = defineCases('kernels', {
  'matmul/two-thousand-terms': product(1, 2003, 2),
  'matmul/three-hundred-rows-and-columns': product(300, 2, 301),
  'unary/many': ({ backend, close }) => {
    void close(
      unary('neg', on(backend).floats(list(many, (i) => i % 101))),
      list(many, (i) => -(i % 101)),
    );
  },
  'binary/many': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats(list(many, (i) => i % 101)), floats(list(many, (i) => i % 7))];
    void close(
      binary('add', a, b),
      list(many, (i) => (i % 101) + (i % 7)),
    );
    void close(
      compare('less', a, b),
      list(many, (i) => Number(i % 101 < i % 7)),
    );
  },
  'reduce/many': ({ backend, close }) => {
    const { floats } = on(backend);
    const rising = floats(list(many, (i) => (i === many - 1 ? 3 : -(i % 11))));
    void close(reduce('max', rising, 0), 3);
    void close(reduce('min', unary('neg', rising), 0), -3);
    // Zeros but for the last thousand.
    void close(reduce('sum', floats(list(many, (i) => Number(i >= many - 1000))), 0), 1000);
    const pairs = floats({ shape: [many, 2], data: list(2 * many, (i) => (i >> 1) % 101).data });
    void close(
      reduce('sum', pairs, 1),
      list(many, (i) => 2 * (i % 101)),
    );
  },
  'gather/many': ({ backend, close }) => {
    const { floats, ints } = on(backend);
    const x = floats([5, -7, 3]);
    const y = kernel([many], 'float32', [x, ints(list(many, (i) => i % 3))], (kernels, [p, q], out) =>
      kernels.gather(p!, q!, 0, out),
    );
    void close(
      y,
      list(many, (i) => [5, -7, 3][i % 3]!),
    );
  },
});
