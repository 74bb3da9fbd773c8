/** The kernel most of the time goes into: every way to read its operands, and sizes beside every block. */
import type { Shape, Tensor } from '@recurra/core';
import { defineCases, type CaseEntry, type Numbers, type Testing } from '../../case.js';
import { kernel, on } from '../on.js';
import { random } from '../random.js';

const matmul = (a: Tensor, b: Tensor, shape: Shape, transposeA = false, transposeB = false): Tensor =>
  kernel(shape, 'float32', [a, b], (kernels, [p, q], out) => kernels.matmul(p!, q!, { transposeA, transposeB }, out));

/** Σ_k a[i, k]·b[k, j], in float64: what is expected of one matrix. */
function product(a: Numbers, b: Numbers, transposeA = false, transposeB = false): Numbers {
  const [rows, inner] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const columns = transposeB ? b.shape[0]! : b.shape[1]!;
  const data: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const left = a.data[transposeA ? k * rows + i : i * inner + k]!;
        const right = b.data[transposeB ? j * inner + k : k * columns + j]!;
        sum += left * right;
      }
      data.push(sum);
    }
  }
  return { shape: [rows, columns], data };
}

function multiply(
  { backend, close }: Testing,
  [m, k, n]: readonly [number, number, number],
  transposeA = false,
  transposeB = false,
): void {
  const a = random(m * 31 + k, transposeA ? [k, m] : [m, k], 0.5);
  const b = random(k * 37 + n, transposeB ? [n, k] : [k, n], 0.5);
  const { floats } = on(backend);
  void close(matmul(floats(a), floats(b), [m, n], transposeA, transposeB), product(a, b, transposeA, transposeB));
}

/** Vectors, odd sizes, and one more or less than 4, 8, 16, 32 and 64: the edges of registers, tiles and workgroups. */
const sizes = [
  [1, 1, 1],
  [1, 5, 1],
  [5, 1, 3],
  [1, 3, 17],
  [17, 3, 1],
  [3, 5, 17],
  [17, 5, 3],
  [7, 9, 8],
  [15, 16, 17],
  [33, 31, 65],
  [65, 64, 33],
] as const;

const shapes = Object.fromEntries(
  sizes.map((size): [string, CaseEntry] => [`matmul/${size.join('x')}`, (t) => multiply(t, size)]),
);

const transposes = Object.fromEntries(
  [
    ['a', true, false],
    ['b', false, true],
    ['both', true, true],
  ].map(([name, transposeA, transposeB]): [string, CaseEntry] => [
    `matmul/transpose-${String(name)}`,
    (t) => {
      // Square matrices show an option that was not looked at; the others one that was misread.
      for (const size of [
        [3, 3, 3],
        [2, 5, 3],
        [17, 3, 5],
        [33, 17, 18],
      ] as const) {
        multiply(t, size, transposeA as boolean, transposeB as boolean);
      }
    },
  ]),
);

export const matmulCases = defineCases('kernels', {
  'matmul/by-hand': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(
      matmul(
        floats([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        floats([
          [7, 8],
          [9, 10],
          [11, 12],
        ]),
        [2, 2],
      ),
      [
        [58, 64],
        [139, 154],
      ],
    );
  },
  ...shapes,
  ...transposes,
  'matmul/batched': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [random(41, [3, 2, 4]), random(42, [3, 4, 5])];
    void close(matmul(floats(a), floats(b), [3, 2, 5]), batched(a, b, [0, 1, 2], [0, 1, 2], [3, 2, 5]));
    void close(matmul(floats(random(43, [3, 4, 2])), floats(random(44, [3, 5, 4])), [3, 2, 5], true, true), {
      shape: [3, 2, 5],
      data: [0, 1, 2].flatMap((i) =>
        Array.from(product(matrix(random(43, [3, 4, 2]), i), matrix(random(44, [3, 5, 4]), i), true, true).data),
      ),
    });
  },
  // One matrix for all of a batch: the projection of a sequence, x [B, T, F] by a kernel [F, u].
  'matmul/broadcast-matrix': ({ backend, close }) => {
    const { floats } = on(backend);
    const [x, w] = [random(45, [3, 2, 4]), random(46, [4, 5])];
    void close(matmul(floats(x), floats(w), [3, 2, 5]), batched(x, w, [0, 1, 2], [0, 0, 0], [3, 2, 5]));
    const [u, y] = [random(47, [2, 4]), random(48, [3, 4, 5])];
    void close(matmul(floats(u), floats(y), [3, 2, 5]), batched(u, y, [0, 0, 0], [0, 1, 2], [3, 2, 5]));
  },
  'matmul/broadcast-both': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [random(49, [2, 1, 2, 3]), random(50, [3, 3, 2])];
    const expected = batched(a, b, [0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2], [2, 3, 2, 2]);
    void close(matmul(floats(a), floats(b), [2, 3, 2, 2]), expected);
  },
  'matmul/empty': ({ backend, close }) => {
    const { floats } = on(backend);
    const none = (shape: Shape): Tensor => floats({ shape, data: [] });
    void close(matmul(none([2, 0]), none([0, 3]), [2, 3]), [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    void close(matmul(none([0, 2]), floats([[1], [2]]), [0, 1]), { shape: [0, 1], data: [] });
    void close(matmul(none([0, 2, 3]), floats([[1], [2], [3]]), [0, 2, 1]), { shape: [0, 2, 1], data: [] });
  },
  // A zero that is skipped would hide what stands beside it.
  'matmul/nan-and-infinity': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(
      matmul(
        floats([
          [0, 1],
          [2, 0],
        ]),
        floats([
          [NaN, 1],
          [3, Infinity],
        ]),
        [2, 2],
      ),
      [
        [NaN, Infinity],
        [NaN, NaN],
      ],
    );
  },
});

function matrix({ shape, data }: Numbers, i: number): Numbers {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return { shape: [rows, columns], data: Array.from(data).slice(i * rows * columns, (i + 1) * rows * columns) };
}

/** The products of those matrices of a and of b, one after the other. */
function batched(a: Numbers, b: Numbers, ofA: readonly number[], ofB: readonly number[], shape: Shape): Numbers {
  return { shape, data: ofA.flatMap((i, n) => Array.from(product(matrix(a, i), matrix(b, ofB[n]!)).data)) };
}
