/** Gradients where a function has a kink, an end or a large argument: those of TensorFlow, and never NaN for a finite value. */
import { grad } from '@recurra/core';
import type { CaseEntry } from '../../case.js';
import { on, type Floats } from '../on.js';
import type { Ops } from './functions.js';

const LAMBDA = 1.0507009873554805;

export function kinks(ops: Ops): Record<string, CaseEntry> {
  const { elu, leakyRelu, logSumExp, pow, selu, sum } = ops;
  return {
    'kinks/selu': ({ backend, close }) => {
      const x = on(backend).floats([0, 1, 500]);
      void close(grad((v: Floats) => sum(selu(v)))(x), [LAMBDA, LAMBDA, LAMBDA]);
    },
    'kinks/leakyRelu': ({ backend, close }) => {
      const x = on(backend).floats([0, 1, -1]);
      void close(grad((v: Floats) => sum(leakyRelu(v)))(x), [0.2, 1, 0.2]);
    },
    // What is not chosen must not overflow: ∞ · 0 would be NaN.
    'kinks/elu': ({ backend, close }) => {
      const x = on(backend).floats([0, 1000, -500]);
      void close(grad((v: Floats) => sum(elu(v)))(x), [1, 1, 0]);
    },
    // 0ᵇ is 0 for every b > 0, so the exponent changes nothing, and of a negative base it has no logarithm to change by.
    'kinks/pow': ({ backend, close }) => {
      const { floats } = on(backend);
      const found = grad(({ a, b }: { a: Floats; b: Floats }) => sum(pow(a, b)))({
        a: floats([0, -2, 4]),
        b: floats([2, 3, 0.5]),
      });
      void close(found.a, [0, 12, 0.25]);
      void close(found.b, [0, 0, 2 * Math.log(4)]);
    },
    'kinks/logSumExp-infinite': ({ backend, close }) => {
      const x = on(backend).floats([
        [Infinity, 1],
        [-Infinity, -Infinity],
        [-Infinity, 2],
      ]);
      void close(logSumExp(x, { axis: 1 }), [Infinity, -Infinity, 2]);
      const finite = on(backend).floats([[-Infinity, 2, 2]]);
      void close(grad((v: Floats) => sum(logSumExp(v, { axis: 1 })))(finite), [[0, 0.5, 0.5]]);
    },
  };
}
