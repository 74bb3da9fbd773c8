/** The run of train_sunspots.py, made again here: from Keras's initial weights, on the same batches. */
import { gruCell, lstmCell, rnn, type Floats } from '@recurra/cells';
import { add, leaves, matmul, tensor } from '@recurra/core';
import { adam, fit, meanSquaredError, type Progress } from '@recurra/train';
import demo from '../../apps/demo/data/sunspots.json' with { type: 'json' };
import keras from './sunspots-run.json' with { type: 'json' };

const { window, scale, learningRate, weights, batches } = keras;
const years = demo.sunspots.map((n) => n / scale);

/** The loss of every step in Keras. */
export const kerasLosses: readonly number[] = keras.losses;

/** The first steps of the run, all of them by default. */
export async function* trainedHere(steps: number = batches.length): AsyncGenerator<Progress> {
  const w = (name: keyof typeof weights): Floats => tensor(weights[name].data, weights[name].shape);
  const params = {
    lstm: { kernel: w('lstm/kernel'), recurrentKernel: w('lstm/recurrentKernel'), bias: w('lstm/bias') },
    gru: { kernel: w('gru/kernel'), recurrentKernel: w('gru/recurrentKernel'), bias: w('gru/bias') },
    dense: { kernel: w('dense/kernel'), bias: w('dense/bias') },
  };
  const [lstm, gru] = [lstmCell({ units: 16 }), gruCell({ units: 8 })];
  const model = ({ lstm: first, gru: second, dense }: typeof params, x: Floats): Floats => {
    const sequence = rnn(lstm, first, x, { returnSequences: true }).outputs;
    return add(matmul(rnn(gru, second, sequence).outputs, dense.kernel), dense.bias);
  };

  using run = fit({
    params,
    loss: (p, { x, y }) => meanSquaredError(y, model(p, x)),
    optimizer: adam({ learningRate }),
    data: () => batches.slice(0, steps).map(windows),
  });
  yield* run;
  for (const x of leaves([params, run.params])) x.dispose();
}

/** These windows [B, 33, 1] and the years after them [B, 1]. */
function windows(rows: readonly number[]): { x: number[][][]; y: number[][] } {
  return {
    x: rows.map((at) => years.slice(at, at + window).map((n) => [n])),
    y: rows.map((at) => [years[at + window]!]),
  };
}
