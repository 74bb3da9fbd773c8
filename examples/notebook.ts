// A SimpleRNN written by hand, step by step, and the same through the library.
import { cpu } from '@recurra/backend-cpu';
import { rnn, simpleRNNCell, type Floats } from '@recurra/cells';
import {
  add,
  glorotUniform,
  matmul,
  orthogonal,
  reshape,
  scope,
  slice,
  tanh,
  tensor,
  useBackend,
  zeros,
} from '@recurra/core';
import { tfRandom } from '@recurra/core/random';

await useBackend(cpu());

const x = tensor(tfRandom(42).normal([32, 16, 12]), [32, 16, 12]);
const W = tensor(glorotUniform({ seed: 42 })([12, 8]), [12, 8]);
const U = tensor(orthogonal({ seed: 42 })([8, 8]), [8, 8]);

/** h_t = tanh(x_t·W + h_{t−1}·U) */
const rnnCell = (x_t: Floats, h: Floats): Floats => tanh(add(matmul(x_t, W), matmul(h, U)));

const byHand = scope(() => {
  let h = zeros([32, 8]);
  for (let t = 0; t < 16; t++) h = rnnCell(reshape(slice(x, [0, t], [-1, 1]), [32, 12]), h);
  return h;
});
const { outputs } = rnn(simpleRNNCell({ units: 8, useBias: false }), { kernel: W, recurrentKernel: U }, x);

const [a, b] = [await byHand.data(), await outputs.data()];
console.log(
  'Are the results the same?',
  a.every((v, i) => Math.abs(v - b[i]!) < 2e-6),
);
