// Next year's sunspots from the 33 years before, with weights that Keras trained.
import { cpu } from '@recurra/backend-cpu';
import { gruCell, lstmCell, rnn, type Floats } from '@recurra/cells';
import { add, matmul, scope, tensor, useBackend } from '@recurra/core';
import trained from '../apps/demo/data/sunspots.json' with { type: 'json' };

await useBackend(cpu());

const { sunspots, scale, window, firstYear, weights } = trained;
const w = (name: keyof typeof weights): Floats => tensor(weights[name].data, weights[name].shape);

const years = sunspots.slice(-window).map((n) => n / scale);
const forecast = scope(() => {
  const lstm = { kernel: w('lstm/kernel'), recurrentKernel: w('lstm/recurrentKernel'), bias: w('lstm/bias') };
  const gru = { kernel: w('gru/kernel'), recurrentKernel: w('gru/recurrentKernel'), bias: w('gru/bias') };
  const sequence = rnn(lstmCell({ units: 32 }), lstm, tensor(years, [1, window, 1]), { returnSequences: true });
  const last = rnn(gruCell({ units: 16 }), gru, sequence.outputs);
  return add(matmul(last.outputs, w('dense/kernel')), w('dense/bias'));
});
console.log(`${firstYear + sunspots.length}: ${((await forecast.data())[0]! * scale).toFixed(1)} sunspots`);
