/** A traced backend is the backend, and knows what is alive and where it was made. */
import { cpu, gradients } from '@recurra/backend-cpu';
import { runSuite } from '@recurra/conformance-tests';
import { disposeTree, grad, matmul, scope, sum, tensor, type Tensor } from '@recurra/core';
import { traced } from '@recurra/core/debug';
import { expect, it } from 'vitest';
import { lstmCell, rnn, stream } from '../src/index.js';

function forgetful(backend: ReturnType<typeof cpu>): Tensor<'float32'> {
  return tensor([[1, 2]], [1, 2], { backend });
}

it('names the call and the place of what is alive, and forgets what is freed', () => {
  const backend = traced(cpu());
  const left = forgetful(backend);
  const product = scope(() => matmul(left, tensor([[1], [2]], [2, 1], { backend })));
  const alive = backend.alive();
  expect(alive.map(({ by, shape, dtype }) => ({ by, shape, dtype }))).toEqual([
    { by: 'upload', shape: [1, 2], dtype: 'float32' },
    { by: 'matmul', shape: [1, 1], dtype: 'float32' },
  ]);
  expect(alive[0]!.stack).toContain('forgetful');
  expect(alive[1]!.stack).not.toContain('forgetful');
  expect(alive[0]!.stack).not.toMatch(/traced\.(ts|js)/);
  disposeTree([left, product]);
  expect(backend.alive()).toEqual([]);
});

it('knows fused kernels, their gradients and their streams', () => {
  const backend = traced(cpu({ gradients }));
  const cell = lstmCell({ units: 2 });
  const params = cell.init(3, { backend });
  const x = tensor(new Float32Array(12), [2, 2, 3], { backend });
  const { outputs, state } = rnn(cell, params, x);
  const before = backend.alive();
  expect(before.filter(({ by }) => by === 'fused lstm').length).toBe(3);
  const g = grad((p: typeof params) => sum(rnn(cell, p, x).outputs))(params);
  const made = backend.alive().slice(before.length);
  expect(made.map(({ by }) => by)).toEqual(Array(3).fill('gradient of fused lstm'));
  const live = stream(cell, params, { batch: 1 });
  live.step(new Float32Array(3), new Float32Array(2));
  const h = live.state();
  expect(backend.alive().at(-1)!.by).toBe('state of fused lstm');
  live.dispose();
  disposeTree([params, x, outputs, state, g, h]);
  expect(backend.alive()).toEqual([]);
});

it('keeps every promise of the backend it traces', async () => {
  const only = ['contract', 'lifecycle', 'fused/lstm/masked'];
  const report = await runSuite(() => traced(cpu({ gradients })), { only });
  expect(report.results.filter(({ status }) => status === 'failed')).toEqual([]);
});
