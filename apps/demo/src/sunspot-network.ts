/** The network that Keras trained on the sunspots of 1700–2008: from 33 years, divided by `scale`, the next one. */
import { gruCell, lstmCell, rnn } from '@recurra/cells';
import type { Floats } from '@recurra/cells';
import { add, matmul, scope, tensor } from '@recurra/core';
import golden from '../data/sunspots.json' with { type: 'json' };
import { toTensor } from './golden.js';

const { window, weights } = golden;

/** LSTM(32) → GRU(16) → Dense(1) over windows [N, 33, 1] → [N, 1]. */
function network(x: Floats): Floats {
  const lstm = {
    kernel: toTensor(weights['lstm/kernel']),
    recurrentKernel: toTensor(weights['lstm/recurrentKernel']),
    bias: toTensor(weights['lstm/bias']),
  };
  const gru = {
    kernel: toTensor(weights['gru/kernel']),
    recurrentKernel: toTensor(weights['gru/recurrentKernel']),
    bias: toTensor(weights['gru/bias']),
  };
  const sequence = rnn(lstmCell({ units: 32 }), lstm, x, { returnSequences: true }).outputs;
  const last = rnn(gruCell({ units: 16 }), gru, sequence).outputs;
  return add(matmul(last, toTensor(weights['dense/kernel'])), toTensor(weights['dense/bias']));
}

/** The forecast after every window of a series, all in the network's scale: as many as there are values after the first 33. */
export async function forecastWindows(series: readonly number[]): Promise<Float32Array> {
  const windows = series.length - window;
  const x = Float32Array.from({ length: windows * window }, (_, i) => series[Math.floor(i / window) + (i % window)]!);
  const y = scope(() => network(tensor(x, [windows, window, 1])));
  const numbers = await y.data();
  y.dispose();
  return Float32Array.from(numbers);
}
