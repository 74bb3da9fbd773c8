/**
 * Fused attention, linear and layerNorm over random configurations, beside the same made of ops of `cpu`: outputs, and
 * gradients where the kernel has them.
 */
import { cpu } from '@recurra/backend-cpu';
import {
  activation,
  add,
  any,
  applyFused,
  div,
  expandDims,
  full,
  matmul,
  mean,
  mul,
  scope,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  where,
  type Backend,
  type Tensor,
} from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { wasm } from '../src/index.js';

type F = Tensor<'float32'>;
const backend: Backend = await wasm();
const exact: Backend = cpu();

/** Whole numbers below n, repeatable. */
function dice(seed: number): (n: number) => number {
  let state = Math.imul(seed + 1, 2654435769) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const numbers = (roll: (n: number) => number, shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((n, k) => n * k, 1) }, () => roll(2 ** 24) / 2 ** 23 - 1);

/** The largest distance, relative to 1 and to the size of what is expected. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let farthest = 0;
  for (let i = 0; i < expected.length; i++) {
    const away = Math.abs(actual[i]! - expected[i]!) / (1 + Math.abs(expected[i]!));
    // NaN is far from everything.
    farthest = away <= farthest ? farthest : away;
  }
  return farthest;
}

describe('fused attention', () => {
  it.each(['scaledDot', 'additive'] as const)('%s, with its gradients', (score) => {
    for (let seed = 0; seed < 60; seed++) {
      const roll = dice(seed);
      const [B, M, N, D, V] = [1 + roll(3), 1 + roll(6), 1 + roll(9), 1 + roll(13), 1 + roll(9)];
      const causal = roll(3) === 0;
      const masked = roll(2) === 0;
      const scale = score === 'additive' ? 1 : 1 / Math.sqrt(D);
      const given = [[B, M, D], [B, N, D], [B, N, V], [D]].map((shape) => ({ shape, data: numbers(roll, shape) }));
      const visible = Uint8Array.from({ length: B * M * N }, () => Number(roll(3) > 0));
      // A query that sees nothing.
      visible.fill(0, 0, N);
      const sight = visible.map((v, i) => Number((v === 1 || !masked) && (!causal || i % N <= Math.floor(i / N) % M)));
      const pull = [
        [B, M, V],
        [B, M, N],
      ].map((shape) => ({ shape, data: numbers(roll, shape) }));
      const spec = { score, scale, causal, dims: { batch: B, queries: M, keys: N, width: D, values: V } };

      const all = (on: Backend, fused: boolean): Float32Array[] =>
        scope(() => {
          const here = ({ data, shape }: { data: Float32Array; shape: number[] }): F =>
            tensor(data, shape, { backend: on });
          const mask = masked ? tensor(visible, [B, M, N], { dtype: 'bool', backend: on }) : null;
          const run = ([q, k, v, w]: F[]): [F, F] => {
            if (fused) {
              const made = applyFused('attention', spec, [q!, k!, v!, score === 'additive' ? w! : null, mask]);
              if (made === null) throw new Error('it was not run');
              return made as [F, F];
            }
            const e =
              score === 'additive'
                ? sum(mul(tanh(add(expandDims(q!, 2), expandDims(k!, 1))), w!), { axis: -1 })
                : mul(matmul(q!, k!, { transposeB: true }), scale);
            // A query that sees nothing has uniform weights, and passes no gradient to its scores.
            const seen = tensor(sight, [B, M, N], { dtype: 'bool', backend: on });
            const hidden = where(any(seen, { axis: -1, keepDims: true }), full([], -Infinity, { backend: on }), 0);
            const weights = softmax(where(seen, e, hidden), -1);
            return [matmul(weights, v!), weights];
          };
          const inputs = given.map(here);
          const outputs = run(inputs);
          const [dContext, dWeights] = pull.map(here) as [F, F];
          const used = score === 'additive' ? inputs : inputs.slice(0, 3);
          const loss = (xs: F[]): F => {
            const [context, weights] = run(xs);
            return add(sum(mul(context, dContext)), sum(mul(weights, dWeights)));
          };
          const [, grads] = valueAndGrad(loss)(used);
          return [...outputs, ...grads].map((x) => x.dataSync() as Float32Array);
        });
      const expected = all(exact, false);
      all(backend, true).forEach((y, i) => {
        expect(distance(y, expected[i]!), `seed ${seed}, number ${i}`).toBeLessThan(3e-6);
      });
    }
    expect(backend.live!()).toBe(0);
  });

  it('keeps the bits of a row of the batch', () => {
    const roll = dice(5);
    const dims = { queries: 3, keys: 11, width: 9, values: 5 };
    const data = [numbers(roll, [4, 3, 9]), numbers(roll, [4, 11, 9]), numbers(roll, [4, 11, 5])];
    const run = (batch: number, from: number): Float32Array =>
      scope(() => {
        const inputs = [
          [3, 9],
          [11, 9],
          [11, 5],
        ].map((shape, i) => {
          const n = shape[0]! * shape[1]!;
          return tensor(data[i]!.slice(from * n, (from + batch) * n), [batch, ...shape], { backend });
        });
        const spec = { score: 'scaledDot', scale: 0.3, causal: true, dims: { batch, ...dims } } as const;
        return applyFused('attention', spec, [...inputs, null, null])![0]!.dataSync() as Float32Array;
      });
    const whole = run(4, 0);
    for (let b = 0; b < 4; b++) expect(run(1, b)).toEqual(whole.slice(b * 15, b * 15 + 15));
  });
});

describe('fused linear and layerNorm', () => {
  it('linear is activation(x · kernel + bias)', () => {
    for (let seed = 0; seed < 60; seed++) {
      const roll = dice(seed);
      const [rows, inputs, units] = [1 + roll(9), 1 + roll(70), 1 + roll(40)];
      const name = (['linear', 'tanh', 'relu', 'sigmoid', 'gelu'] as const)[roll(5)]!;
      const data = [numbers(roll, [rows, inputs]), numbers(roll, [inputs, units]), numbers(roll, [units])];
      const biased = roll(3) > 0;
      const run = (on: Backend, fused: boolean): Float32Array =>
        scope(() => {
          const [x, kernel, bias] = [[rows, inputs], [inputs, units], [units]].map((shape, i) =>
            tensor(data[i]!, shape, { backend: on }),
          ) as [F, F, F];
          const spec = { rows, inputs, units, activation: name };
          const z = biased ? add(matmul(x, kernel), bias) : matmul(x, kernel);
          const y = fused
            ? applyFused('linear', spec, [x, kernel, biased ? bias : null])![0]!
            : activation(name).apply(z);
          return y.dataSync() as Float32Array;
        });
      expect(distance(run(backend, true), run(exact, false)), `seed ${seed}`).toBeLessThan(3e-6);
    }
  });

  it('layerNorm has the mean 0 and the variance 1 before scale and offset', () => {
    for (let seed = 0; seed < 60; seed++) {
      const roll = dice(seed);
      const shape = [1 + roll(4), 1 + roll(5), 2 + roll(40)];
      const n = shape[2]!;
      const epsilon = [1e-3, 1e-5, 0.1][roll(3)]!;
      const data = [numbers(roll, shape), numbers(roll, [n]), numbers(roll, [n])];
      const parts = [roll(2) === 0, roll(2) === 0];
      const run = (on: Backend, fused: boolean): Float32Array =>
        scope(() => {
          const [x, g, b] = [shape, [n], [n]].map((s, i) => tensor(data[i]!, s, { backend: on })) as [F, F, F];
          if (fused) {
            const inputs = [x, parts[0] ? g : null, parts[1] ? b : null];
            return applyFused('layerNorm', { shape, epsilon }, inputs)![0]!.dataSync() as Float32Array;
          }
          const centred = sub(x, mean(x, { axis: -1, keepDims: true }));
          const deviation = sqrt(add(mean(square(centred), { axis: -1, keepDims: true }), epsilon));
          const unit = div(centred, deviation);
          const scaled = parts[0] ? mul(unit, g) : unit;
          return (parts[1] ? add(scaled, b) : scaled).dataSync() as Float32Array;
        });
      expect(distance(run(backend, true), run(exact, false)), `seed ${seed}`).toBeLessThan(3e-6);
    }
    expect(backend.live!()).toBe(0);
  });
});
