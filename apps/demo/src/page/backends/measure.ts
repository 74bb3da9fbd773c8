/** How long a backend needs for a step of an LSTM, and what it gave: measured now, on this machine. */
import { lstmCell, rnn } from '@recurra/cells';
import { glorotUniform, orthogonal, randomNormal, scope, tensor } from '@recurra/core';
import { tfRandom } from '@recurra/core/random';
import type { Handler } from '../worker/handler.js';
import { load } from './load.js';

export interface Measured {
  /** Microseconds for one time step of the whole batch: the median of the runs. */
  readonly step: number;
  readonly runs: number;
  /** Of the first run, [batch, steps, units]. */
  readonly outputs: Float32Array;
}

const { batch, steps, features, units } = load;
const budget = 400; // ms, after a first run that warms up

export const measure: Handler<'measure'> = async (_, { backend }) => {
  const cell = lstmCell({
    units,
    kernelInitializer: glorotUniform({ seed: 1 }),
    recurrentInitializer: orthogonal({ seed: 2 }),
    biasInitializer: randomNormal({ stddev: 0.5, seed: 3 }),
  });
  const params = cell.init(features, { backend });
  const x = tensor(tfRandom(4).normal([batch, steps, features]), [batch, steps, features], { backend });
  const run = async (): Promise<Float32Array> => {
    const outputs = scope(() => rnn(cell, params, x, { returnSequences: true }).outputs);
    const numbers = await outputs.data();
    outputs.dispose();
    return Float32Array.from(numbers);
  };
  try {
    const outputs = await run();
    await run();
    const times: number[] = [];
    const began = performance.now();
    do {
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    } while (performance.now() - began < budget && times.length < 500);
    times.sort((a, b) => a - b);
    return { step: (1000 * times[Math.floor(times.length / 2)]!) / steps, runs: times.length, outputs };
  } finally {
    for (const weight of Object.values(params)) weight?.dispose();
    x.dispose();
  }
};
