/** What IEEE 754 says where a short cut says something else: NaN and infinities, zeros of both signs, the tails. */
import { div, type BinaryOp, type Tensor, type UnaryOp } from '@recurra/core';
import { defineCases, type CaseEntry } from '../../case.js';
import { kernel, on } from '../on.js';

const binary = (op: BinaryOp, a: Tensor, b: Tensor): Tensor<'float32'> =>
  kernel(a.shape, 'float32', [a, b], (kernels, [p, q], out) => kernels.binary(op, p!, q!, out));
const unary = (op: UnaryOp, x: Tensor): Tensor<'float32'> =>
  kernel(x.shape, 'float32', [x], (kernels, [p], out) => kernels.unary(op, p!, out));

/** Too small, or too near to 1 or 0, for a tolerance: their ratio to what is right is 1. */
const ratio = (op: UnaryOp, table: readonly (readonly [x: number, y: number])[]): CaseEntry => ({
  skip: ({ name, precision }) => (precision === 16 ? `${name} holds 16 bits: out of its range` : undefined),
  run({ backend, close }) {
    const [x, expected] = [0, 1].map((i) => on(backend).floats(table.map((row) => row[i]!)));
    void close(
      div(unary(op, x!), expected!),
      table.map(() => 1),
    );
  },
});

export const ieeeCases = defineCases('kernels', {
  'binary/zero-times-infinity': ({ backend, close }) => {
    const { floats } = on(backend);
    const y = binary('mul', floats([0, Infinity, NaN, 0, -Infinity]), floats([Infinity, 0, 0, NaN, 2]));
    void close(y, [NaN, NaN, NaN, NaN, -Infinity]);
  },
  // x − x, x / x and x = x are not 0, 1 and true of everything.
  'binary/an-operand-with-itself': ({ backend, close }) => {
    const x = on(backend).floats([Infinity, NaN, 0, 2]);
    void close(binary('sub', x, x), [NaN, NaN, 0, 0]);
    void close(binary('div', x, x), [NaN, NaN, NaN, 1]);
    const equal = kernel([4], 'bool', [x], (kernels, [p], out) => kernels.compare('equal', p!, p!, out));
    void close(equal, [1, 0, 1, 1]);
  },
  'binary/pow-of-anything-to-the-0': ({ backend, close }) => {
    const { floats } = on(backend);
    void close(binary('pow', floats([NaN, Infinity, -Infinity, 0]), floats([0, 0, 0, 0])), [1, 1, 1, 1]);
  },
  // Their sign shows in 1/x.
  'binary/negative-zero': ({ backend, close }) => {
    const { floats } = on(backend);
    const one = floats([1]);
    void close(binary('div', one, floats([-0])), [-Infinity]);
    void close(binary('div', one, unary('neg', floats([0]))), [-Infinity]);
    void close(binary('div', one, unary('neg', floats([-0]))), [Infinity]);
    void close(binary('div', one, unary('abs', floats([-0]))), [Infinity]);
    void close(binary('div', one, binary('mul', floats([-2]), floats([0]))), [-Infinity]);
  },
  'reduce/starts-beyond-every-number': ({ backend, close }) => {
    const { floats } = on(backend);
    const least = (x: Tensor): Tensor =>
      kernel([], 'float32', [x], (kernels, [p], out) => kernels.reduce('min', p!, [0], out));
    const most = (x: Tensor): Tensor =>
      kernel([], 'float32', [x], (kernels, [p], out) => kernels.reduce('max', p!, [0], out));
    void close(least(floats([Infinity, Infinity])), Infinity);
    void close(most(floats([-Infinity, -Infinity])), -Infinity);
    if (backend.precision === 16) return;
    void close(least(floats([4e9, 3e9])), 3e9);
    void close(most(floats([-4e9, -3e9])), -3e9);
  },
  'unary/square-beyond-range': {
    skip: ({ name, precision }) => (precision === 32 ? undefined : `${name} holds ${precision} bits: another range`),
    run: ({ backend, close }) => void close(unary('square', on(backend).floats([1e25, -1e25])), [Infinity, Infinity]),
  },
  'unary/expm1-tails': ratio('expm1', [
    [-11, -0.9999832982992097],
    [-9, -0.9998765901959134],
    [86, 2.235246603734715e37],
  ]),
  'unary/log-next-to-underflow': ratio('log', [
    [1.0000000180025095e-35, -80.5904782367891],
    [3.000000085396614e-38, -86.39962121664009],
  ]),
  'unary/log1p-next-to-0': ratio('log1p', [
    [1.000000045813705e-18, 1.000000045813705e-18],
    [-1.999999943436137e-9, -1.999999945436137e-9],
  ]),
  'unary/sigmoid-far-below': ratio('sigmoid', [
    [-20, 2.0611536181902033e-9],
    [-40, 4.248354255291589e-18],
    [-80, 1.8048513878454153e-35],
  ]),
});
