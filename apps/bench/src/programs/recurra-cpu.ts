/** An LSTM over a sequence, with Recurra on backend-cpu. */
import { cpu } from '@recurra/backend-cpu';
import { lstmCell, rnn } from '@recurra/cells';
import { tensor, useBackend } from '@recurra/core';
import * as lstm from './lstm.js';

const { inputs, time, units } = lstm;

async function main(): Promise<void> {
  await useBackend(cpu());
  const params = {
    kernel: tensor(lstm.kernel(), [inputs, 4 * units]),
    recurrentKernel: tensor(lstm.recurrentKernel(), [units, 4 * units]),
    bias: tensor(lstm.bias(), [4 * units]),
  };
  const x = tensor(lstm.x(), [1, time, inputs]);
  lstm.done(rnn(lstmCell({ units }), params, x, { returnSequences: true }).outputs.dataSync());
}

void main();
