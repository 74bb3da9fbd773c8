/** A row has the same bits alone and in any batch, and a sequence the same as its steps one by one: fused and composed. */
import { leaves, matmul, mapTree, slice, softmax, useBackend, type Tensor, type Tree } from '@recurra/core';
import { cpu } from '@recurra/backend-cpu';
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell } from '@recurra/cells';
import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../bits/numbers.js';

type Any = Cell<Tree, Tree>;
const cells: Record<string, (units: number) => Any> = {
  simpleRNN: (units) => simpleRNNCell({ units }) as unknown as Any,
  lstm: (units) => lstmCell({ units }) as unknown as Any,
  gru: (units) => gruCell({ units }) as unknown as Any,
  'gru reset before': (units) => gruCell({ units, resetAfter: false }) as unknown as Any,
};
const units = [1, 5, 17];
const batches = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const F = 3;
// From 7 rows on, more steps than the fused kernels project at once.
const T = 11;

function row(x: Tensor<'float32'>, b: number): Tensor<'float32'> {
  return slice(
    x,
    x.shape.map((_, axis) => (axis === 0 ? b : 0)),
    x.shape.map((n, axis) => (axis === 0 ? 1 : n)),
  ) as Tensor<'float32'>;
}

/** As text: two of these are compared at once, where arrays are element by element. */
const bits = (tree: Tree): string[] =>
  leaves(tree).map((x) => {
    const { buffer, byteOffset, byteLength } = (x as Tensor<'float32'>).dataSync();
    return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
  });

const mapped = mapTree as (tree: Tree, f: (x: Tensor) => Tensor) => Tree;
const filled = (tree: Tree, seed: () => number): Tree => mapped(tree, (x) => random(x.shape, seed()));

function setUp(make: (units: number) => Any, u: number, B: number) {
  const cell = make(u);
  let seed = 100 * u + B;
  const params = filled(cell.init(F), () => seed++);
  const state = filled(cell.initialState(params, B), () => seed++);
  return { cell, params, state, x: random([B, T, F], seed) };
}

describe.each([true, false])('fused: %s', (fused) => {
  beforeAll(() => useBackend(cpu({ fused })));

  describe.each(Object.entries(cells))('%s', (_, make) => {
    it.each(batches)('a row of a batch of %d', (B) => {
      for (const u of units) {
        const { cell, params, state, x } = setUp(make, u, B);
        const together = rnn(cell, params, x, { initialState: state, returnSequences: true });
        for (let b = 0; b < B; b++) {
          const initialState = mapped(state, (s) => row(s as Tensor<'float32'>, b));
          const alone = rnn(cell, params, row(x, b), { initialState, returnSequences: true });
          expect(bits(alone.outputs)).toEqual(bits(row(together.outputs, b)));
          expect(bits(alone.state)).toEqual(bits(mapped(together.state, (s) => row(s as Tensor<'float32'>, b))));
        }
      }
    });

    it.each(batches)('step by step, a batch of %d', (B) => {
      for (const u of units) {
        const { cell, params, state: initialState, x } = setUp(make, u, B);
        const whole = rnn(cell, params, x, { initialState, returnSequences: true });
        let state = initialState;
        for (let t = 0; t < T; t++) {
          const step = rnn(cell, params, slice(x, [0, t, 0], [B, 1, F]) as Tensor<'float32'>, { initialState: state });
          expect(bits(step.outputs)).toEqual(bits(slice(whole.outputs, [0, t, 0], [B, 1, u])));
          state = step.state;
        }
        expect(bits(state)).toEqual(bits(whole.state));
      }
    });
  });

  it.each(batches)('matmul and softmax, %d rows', (B) => {
    for (const n of [1, 3, 5, 7, 17, 65]) {
      for (const k of [1, 9, 33]) {
        const a = random([B, k], n + k);
        const b = random([k, n], n * k);
        const product = matmul(a, b);
        const weights = softmax(product);
        for (let i = 0; i < B; i++) {
          const alone = matmul(row(a, i), b);
          expect(bits(alone)).toEqual(bits(row(product, i)));
          expect(bits(softmax(alone))).toEqual(bits(row(weights, i)));
        }
      }
    }
  });
});
