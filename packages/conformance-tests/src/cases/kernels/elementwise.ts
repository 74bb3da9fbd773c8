/** Kernels that work element by element: fill, cast, unary, binary, compare, where. */
import { div, full, type Backend, type BinaryOp, type CompareOp, type DType, type Shape, type Tensor, type UnaryOp } from '@recurra/core';
import { defineCases, type CaseEntry, type Expected, type Testing } from '../../case.js';
import { functions, type Sampled } from '../../vectors.js';
import { kernel, on, type Floats } from '../on.js';

const unary = <D extends DType>(op: UnaryOp, x: Tensor<D>): Tensor<D> =>
  kernel(x.shape, x.dtype, [x], (kernels, [operand], out) => kernels.unary(op, operand!, out));

const binary = <D extends DType>(op: BinaryOp, a: Tensor<D>, b: Tensor<D>, shape: Shape): Tensor<D> =>
  kernel(shape, a.dtype, [a, b], (kernels, [p, q], out) => kernels.binary(op, p!, q!, out));

const compare = (op: CompareOp, a: Tensor, b: Tensor, shape: Shape): Tensor =>
  kernel(shape, 'bool', [a, b], (kernels, [p, q], out) => kernels.compare(op, p!, q!, out));

const where = (cond: Tensor, a: Tensor, b: Tensor, shape: Shape): Tensor =>
  kernel(shape, a.dtype, [cond, a, b], (kernels, [c, p, q], out) => kernels.where(c!, p!, q!, out));

const cast = (x: Tensor, dtype: DType): Tensor =>
  kernel(x.shape, dtype, [x], (kernels, [operand], out) => kernels.cast(operand!, out));

/** Core's `full` is the kernel and no more. */
const fill = ({ backend, close }: Testing, value: number, shape: Shape, dtype: DType): void => {
  const size = shape.reduce((product, n) => product * n, 1);
  const filled = full(shape, value, { dtype, backend });
  void close(filled, { shape, data: Array.from({ length: size }, () => value) });
};

/** Those samples whose values float16 can hold, on a device that has no more. */
function inRange({ x, y }: Sampled, { precision }: Backend): Sampled {
  const held = x.map((_, i) => precision > 16 || Math.abs(y[i]!) < 60000);
  return { x: x.filter((_, i) => held[i]), y: y.filter((_, i) => held[i]) };
}

/** Values at many points, and none beyond them: the ends of the range are cases of their own. */
const samples = Object.fromEntries(
  Object.entries(functions.ops).map(([op, sampled]): [string, CaseEntry] => [
    `unary/${op}`,
    ({ backend, close }) => {
      const { x, y } = inRange(sampled, backend);
      void close(unary(op as UnaryOp, on(backend).floats(x)), y);
    },
  ]),
);

/** Small results keep their relative accuracy: an exp(x) − 1 in place of expm1, or a log(1 + x), does not. */
const relative = Object.fromEntries(
  ['exp', 'expm1', 'log', 'log1p', 'sqrt', 'erf', 'tanh', 'sigmoid'].map((op): [string, CaseEntry] => [
    `unary/${op}-relative`,
    {
      skip: ({ precision }) => (precision === 16 ? 'small results underflow at 16 bits' : undefined),
      run({ backend, close }) {
        const { x, y } = functions.ops[op]!;
        const nonZero = y.flatMap((v, i) => (v === 0 ? [] : [i]));
        const expected = on(backend).floats(nonZero.map((i) => y[i]!));
        const actual: Floats = unary(op as UnaryOp, on(backend).floats(nonZero.map((i) => x[i]!)));
        void close(div(actual, expected), nonZero.map(() => 1));
      },
    },
  ]),
);

/** One case for each table of inputs and outputs. */
const table = (op: UnaryOp, x: readonly number[], y: Expected): CaseEntry => ({ backend, close }) => {
  void close(unary(op, on(backend).floats(x)), y);
};
const intTable = (op: UnaryOp, x: readonly number[], y: Expected): CaseEntry => ({ backend, close }) => {
  void close(unary(op, on(backend).ints(x)), y);
};
const pair = (op: BinaryOp, a: readonly number[], b: readonly number[], y: Expected): CaseEntry => ({ backend, close }) => {
  const { floats } = on(backend);
  void close(binary(op, floats(a), floats(b), [a.length]), y);
};

export const elementwiseCases = defineCases('kernels', {
  'fill/float32': (t) => fill(t, -1.25, [2, 3], 'float32'),
  'fill/int32': (t) => fill(t, -7, [3], 'int32'),
  'fill/bool': (t) => fill(t, 1, [5], 'bool'),
  'fill/scalar': (t) => fill(t, 3, [], 'float32'),
  'fill/empty': (t) => fill(t, 3, [2, 0], 'float32'),
  'fill/nan-and-infinity': (t) => {
    fill(t, NaN, [2], 'float32');
    fill(t, -Infinity, [1, 2], 'float32');
  },

  'cast/float32-to-int32': ({ backend, close }) =>
    void close(cast(on(backend).floats([2.75, -2.75, 0.5, -0.5, 1000, -0]), 'int32'), [2, -2, 0, 0, 1000, 0]),
  'cast/float32-to-bool': ({ backend, close }) =>
    void close(cast(on(backend).floats([0, -0, 0.25, -3, NaN, 256, Infinity]), 'bool'), [0, 0, 1, 1, 1, 1, 1]),
  'cast/int32-to-float32': ({ backend, close }) => void close(cast(on(backend).ints([3, -2047, 0]), 'float32'), [3, -2047, 0]),
  'cast/int32-to-bool': ({ backend, close }) => void close(cast(on(backend).ints([0, 1, -1, 256, 512]), 'bool'), [0, 1, 1, 1, 1]),
  'cast/bool-to-float32': ({ backend, close }) => void close(cast(on(backend).bools([1, 0, 1]), 'float32'), [1, 0, 1]),
  'cast/bool-to-int32': ({ backend, close }) => void close(cast(on(backend).bools([1, 0, 1]), 'int32'), [1, 0, 1]),
  'cast/to-itself': ({ backend, close }) => {
    const { floats, ints, bools } = on(backend);
    void close(cast(floats([1.5, -2]), 'float32'), [1.5, -2]);
    void close(cast(ints([3, -4]), 'int32'), [3, -4]);
    void close(cast(bools([0, 1]), 'bool'), [0, 1]);
  },

  ...samples,
  ...relative,
  'unary/neg': table('neg', [1.5, -2, 0, Infinity], [-1.5, 2, 0, -Infinity]),
  'unary/abs': table('abs', [1.5, -2, 0, -Infinity], [1.5, 2, 0, Infinity]),
  'unary/square': table('square', [1.5, -2, 0, -0.125], [2.25, 4, 0, 0.015625]),
  'unary/floor': table('floor', [1.5, -1.5, -0.25, 2, 0.984375], [1, -2, -1, 2, 0]),
  'unary/sign': table('sign', [1.5, -0.015625, 0, Infinity, -Infinity], [1, -1, 0, 1, -1]),
  'unary/int32': ({ backend, close }) => {
    const x = on(backend).ints([3, -4, 0, 2000]);
    void close(unary('neg', x), [-3, 4, 0, -2000]);
    void close(unary('abs', x), [3, 4, 0, 2000]);
    void close(unary('square', x), [9, 16, 0, 4000000]);
  },
  'unary/sign-int32': intTable('sign', [3, -4, 0], [1, -1, 0]),
  'unary/logical-not': ({ backend, close }) => void close(unary('logicalNot', on(backend).bools([1, 0, 1])), [0, 1, 0]),
  'unary/nan': ({ backend, close }) => {
    const ops: UnaryOp[] = ['neg', 'abs', 'square', 'sqrt', 'exp', 'expm1', 'log', 'log1p', 'erf', 'tanh', 'sigmoid', 'sin', 'cos', 'floor'];
    for (const op of ops) void close(unary(op, on(backend).floats([NaN, NaN])), [NaN, NaN]);
  },
  // Ends of the range: 0 and infinity where the limit is, never NaN.
  'unary/limits': ({ backend, close }) => {
    const x = on(backend).floats([Infinity, -Infinity]);
    const limits: Partial<Record<UnaryOp, readonly [number, number]>> = {
      exp: [Infinity, 0],
      expm1: [Infinity, -1],
      tanh: [1, -1],
      sigmoid: [1, 0],
      erf: [1, -1],
      sqrt: [Infinity, NaN],
      log: [Infinity, NaN],
      log1p: [Infinity, NaN],
    };
    for (const [op, y] of Object.entries(limits)) void close(unary(op as UnaryOp, x), y);
    void close(unary('log', on(backend).floats([0, -1])), [-Infinity, NaN]);
    void close(unary('log1p', on(backend).floats([-1, -2])), [-Infinity, NaN]);
    void close(unary('sqrt', on(backend).floats([0, -1])), [0, NaN]);
  },
  // 1 / (1 + e⁻ˣ) and (e²ˣ − 1) / (e²ˣ + 1) must not overflow on the way.
  'unary/saturated': ({ backend, close }) => {
    const x = on(backend).floats([500, -500, 88, -88, 12, -12]);
    void close(unary('sigmoid', x), [1, 0, 1, 0, 1 / (1 + Math.exp(-12)), 1 / (1 + Math.exp(12))]);
    void close(unary('tanh', x), [1, -1, 1, -1, Math.tanh(12), Math.tanh(-12)]);
    void close(unary('erf', x), [1, -1, 1, -1, 1, -1]);
    void close(unary('exp', on(backend).floats([-500, 2000])), [0, backend.precision === 64 ? Math.exp(2000) : Infinity]);
  },
  'unary/scalar-and-empty': ({ backend, close }) => {
    void close(unary('neg', on(backend).floats(2)), -2);
    void close(unary('exp', on(backend).floats({ shape: [0, 2], data: [] })), { shape: [0, 2], data: [] });
  },

  'binary/add': pair('add', [1.5, -2, 0.25], [0.25, 4, -1], [1.75, 2, -0.75]),
  'binary/sub': pair('sub', [1.5, -2, 0.25], [0.25, 4, -1], [1.25, -6, 1.25]),
  'binary/mul': pair('mul', [1.5, -2, 0.25], [0.25, 4, -1], [0.375, -8, -0.25]),
  'binary/div': pair('div', [1.5, -2, 1], [0.25, 4, -3], [6, -0.5, -1 / 3]),
  'binary/maximum': pair('maximum', [1.5, -2, -3], [0.25, 4, -1], [1.5, 4, -1]),
  'binary/minimum': pair('minimum', [1.5, -2, -3], [0.25, 4, -1], [0.25, -2, -3]),
  'binary/pow': pair('pow', [2, 0.5, 9, 3, 1.5], [3, 2, 0.5, -1, 0.75], [8, 0.25, 3, 1 / 3, 1.3554030054147672]),
  'binary/pow-negative-base': pair('pow', [-2, -2, -0.5, -2], [3, 2, -1, 0.5], [-8, 4, -2, NaN]),
  'binary/pow-zero': pair('pow', [0, 0, 5, -3, 0], [2, 0, 0, 0, -1], [0, 1, 1, 1, Infinity]),
  'binary/logical': ({ backend, close }) => {
    const { bools } = on(backend);
    const [a, b] = [bools([0, 0, 1, 1]), bools([0, 1, 0, 1])];
    void close(binary('logicalAnd', a, b, [4]), [0, 0, 0, 1]);
    void close(binary('logicalOr', a, b, [4]), [0, 1, 1, 1]);
  },
  'binary/int32': ({ backend, close }) => {
    const { ints } = on(backend);
    const [a, b] = [ints([7, -3, 4000]), ints([2, -5, -4000])];
    const expected = { add: [9, -8, 0], sub: [5, 2, 8000], mul: [14, 15, -16000000], maximum: [7, -3, 4000], minimum: [2, -5, -4000] };
    for (const [op, y] of Object.entries(expected)) void close(binary(op as BinaryOp, a, b, [3]), y);
  },
  // Odd numbers just below 2²⁴: a float32 on the way is still exact, a float16 is not.
  'binary/int32-exact': ({ backend, close }) => {
    const { ints } = on(backend);
    void close(binary('add', ints([16777213, -16777213]), ints([2, -2]), [2]), [16777215, -16777215]);
    void close(binary('mul', ints([4095, 2897]), ints([4095, -5791]), [2]), [16769025, -16776527]);
  },
  'binary/div-by-zero': pair('div', [1, -1, 0, Infinity], [0, 0, 0, Infinity], [Infinity, -Infinity, NaN, NaN]),
  'binary/nan-in-maximum': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([NaN, 1, 2]), floats([1, NaN, 3])];
    void close(binary('maximum', a, b, [3]), [NaN, NaN, 3]);
    void close(binary('minimum', a, b, [3]), [NaN, NaN, 2]);
  },
  'binary/infinities': pair('sub', [Infinity, Infinity, 1], [1, Infinity, -Infinity], [Infinity, NaN, Infinity]),

  // sub tells its sides apart.
  'binary/broadcast-scalar': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('sub', floats([[1, 2], [3, 4]]), floats(10), [2, 2]), [[-9, -8], [-7, -6]]);
    void close(binary('sub', floats(10), floats([[1, 2], [3, 4]]), [2, 2]), [[9, 8], [7, 6]]);
  },
  'binary/broadcast-row': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('sub', floats([[1, 2, 3], [4, 5, 6]]), floats([10, 20, 30]), [2, 3]), [[-9, -18, -27], [-6, -15, -24]]);
    void close(binary('sub', floats([10, 20, 30]), floats([[1, 2, 3], [4, 5, 6]]), [2, 3]), [[9, 18, 27], [6, 15, 24]]);
  },
  'binary/broadcast-column': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('sub', floats([[1, 2, 3], [4, 5, 6]]), floats([[10], [20]]), [2, 3]), [[-9, -8, -7], [-16, -15, -14]]);
    void close(binary('sub', floats([[10], [20]]), floats([[1, 2, 3], [4, 5, 6]]), [2, 3]), [[9, 8, 7], [16, 15, 14]]);
  },
  // A square shows a row that was taken for a column.
  'binary/broadcast-square': ({ backend, close }) => {
    const { floats } = on(backend);
    const x = floats([[1, 2], [3, 4]]);
    void close(binary('sub', x, floats([10, 20]), [2, 2]), [[-9, -18], [-7, -16]]);
    void close(binary('sub', x, floats([[10], [20]]), [2, 2]), [[-9, -8], [-17, -16]]);
  },
  'binary/broadcast-both': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('sub', floats([[1], [2]]), floats([[10, 20, 30]]), [2, 3]), [[-9, -19, -29], [-8, -18, -28]]);
    void close(binary('sub', floats([[[1]], [[2]]]), floats([[10], [20]]), [2, 2, 1]), [[[-9], [-19]], [[-8], [-18]]]);
  },
  'binary/broadcast-middle': ({ backend, close }) => {
    const { floats } = on(backend);
    const a = floats([[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]]);
    const b = floats([[[10, 20]], [[30, 40]]]);
    void close(binary('sub', a, b, [2, 3, 2]), [[[-9, -18], [-7, -16], [-5, -14]], [[-23, -32], [-21, -30], [-19, -28]]]);
  },
  'binary/broadcast-empty': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('add', floats({ shape: [0, 2], data: [] }), floats([1, 2]), [0, 2]), { shape: [0, 2], data: [] });
  },

  'compare/float32': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([1, 2, 3, -1]), floats([2, 2, 1, -0.5])];
    void close(compare('equal', a, b, [4]), [0, 1, 0, 0]);
    void close(compare('less', a, b, [4]), [1, 0, 0, 1]);
    void close(compare('lessEqual', a, b, [4]), [1, 1, 0, 1]);
  },
  'compare/int32': ({ backend, close }) => {
    const { ints } = on(backend);
    const [a, b] = [ints([16777215, -2, 3]), ints([16777214, -2, 4])];
    void close(compare('equal', a, b, [3]), [0, 1, 0]);
    void close(compare('less', a, b, [3]), [0, 0, 1]);
    void close(compare('lessEqual', a, b, [3]), [0, 1, 1]);
  },
  'compare/bool': ({ backend, close }) =>
    void close(compare('equal', on(backend).bools([1, 0, 1]), on(backend).bools([1, 1, 0]), [3]), [1, 0, 0]),
  'compare/nan': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([NaN, 1, NaN]), floats([NaN, NaN, 1])];
    for (const op of ['equal', 'less', 'lessEqual'] as const) void close(compare(op, a, b, [3]), [0, 0, 0]);
  },
  'compare/zeros-and-infinities': ({ backend, close }) => {
    const { floats } = on(backend);
    const [a, b] = [floats([0, -Infinity, Infinity]), floats([-0, Infinity, Infinity])];
    void close(compare('equal', a, b, [3]), [1, 0, 1]);
    void close(compare('less', a, b, [3]), [0, 1, 0]);
  },
  'compare/broadcast': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(compare('less', floats([[1], [5]]), floats([2, 6]), [2, 2]), [[1, 1], [0, 1]]);
    void close(compare('lessEqual', floats(3), floats([[1, 3], [4, 2]]), [2, 2]), [[0, 1], [1, 0]]);
  },

  'where/chooses': ({ backend, close }) => {
    const { floats, ints, bools } = on(backend);
    const cond = bools([1, 0, 0, 1]);
    void close(where(cond, floats([1, 2, 3, 4]), floats([5, 6, 7, 8]), [4]), [1, 6, 7, 4]);
    void close(where(cond, ints([1, 2, 3, 4]), ints([5, 6, 7, 8]), [4]), [1, 6, 7, 4]);
    void close(where(cond, bools([1, 1, 0, 0]), bools([0, 0, 1, 1]), [4]), [1, 0, 1, 0]);
  },
  // A mask by multiplication would let NaN through: 0·NaN is NaN.
  'where/nan-not-chosen': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    const cond = bools([1, 0, 1, 0]);
    void close(where(cond, floats([1, NaN, 3, Infinity]), floats([NaN, 6, -Infinity, 8]), [4]), [1, 6, 3, 8]);
  },
  'where/broadcast': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    const x = floats([[1, 2, 3], [4, 5, 6]]);
    void close(where(bools([[1], [0]]), x, floats(-1), [2, 3]), [[1, 2, 3], [-1, -1, -1]]);
    void close(where(bools([1, 0, 1]), floats([[10], [20]]), x, [2, 3]), [[10, 2, 10], [20, 5, 20]]);
    void close(where(bools(0), floats(7), x, [2, 3]), [[1, 2, 3], [4, 5, 6]]);
  },
});
