/** Functions of one number: at many points, at the ends of their range, where small results must stay exact. */
import { div, type Backend, type Tensor, type DType, type UnaryOp } from '@recurra/core';
import { defineCases, type CaseEntry, type Expected } from '../../case.js';
import { functions, type Sampled } from '../../vectors.js';
import { kernel, on, type Floats } from '../on.js';

const unary = <D extends DType>(op: UnaryOp, x: Tensor<D>): Tensor<D> =>
  kernel(x.shape, x.dtype, [x], (kernels, [operand], out) => kernels.unary(op, operand!, out));

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
        void close(
          div(actual, expected),
          nonZero.map(() => 1),
        );
      },
    },
  ]),
);

/** One case for each table of inputs and outputs. */
const table =
  (op: UnaryOp, x: readonly number[], y: Expected): CaseEntry =>
  ({ backend, close }) => {
    void close(unary(op, on(backend).floats(x)), y);
  };

const intTable =
  (op: UnaryOp, x: readonly number[], y: Expected): CaseEntry =>
  ({ backend, close }) => {
    void close(unary(op, on(backend).ints(x)), y);
  };

export const unaryCases = defineCases('kernels', {
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
    const ops: UnaryOp[] = [
      'neg',
      'abs',
      'square',
      'sqrt',
      'exp',
      'expm1',
      'log',
      'log1p',
      'erf',
      'tanh',
      'sigmoid',
      'sin',
      'cos',
      'floor',
    ];
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
    void close(unary('exp', on(backend).floats([-500, 2000])), [
      0,
      backend.precision === 64 ? Math.exp(2000) : Infinity,
    ]);
  },
  'unary/scalar-and-empty': ({ backend, close }) => {
    void close(unary('neg', on(backend).floats(2)), -2);
    void close(unary('exp', on(backend).floats({ shape: [0, 2], data: [] })), { shape: [0, 2], data: [] });
  },
});
