/** A layer over a whole sequence, and its cell step by step. */
import type { RecurrentCase, StreamCase } from '../../cases.js';
import { numbersFor, type Numbers } from '../../numbers.js';
import { comparedSteps, type Prepared } from '../../peer.js';
import type { Tfjs } from './load.js';

/** A layer with the weights of the case. */
export function layerOf(
  { tf, layers }: Tfjs,
  { cell, inputs, units }: Pick<RecurrentCase, 'cell' | 'inputs' | 'units'>,
  numbers: Numbers,
  returnSequences: boolean,
) {
  // The weights are set below; the default initializer would need methods that tfjs-core alone does not have.
  const shared = { units, activation: 'tanh', returnSequences, recurrentInitializer: 'zeros' } as const;
  const gated = { ...shared, recurrentActivation: 'sigmoid' } as const;
  const make = {
    SimpleRNN: () => layers.simpleRNN(shared),
    LSTM: () => layers.lstm(gated),
    GRU: () => {
      throw new Error('tfjs-layers has no GRU that resets after the product');
    },
    'GRU reset before': () => layers.gru(gated),
  };
  const layer = make[cell]();
  // A first step makes the weights: a layer that was only built would build itself again when it is applied.
  tf.tidy(() => {
    layer.apply(tf.zeros([1, 1, inputs]));
  });
  const columns = numbersFor(numbers, 'bias').length;
  layer.setWeights([
    tf.tensor(numbersFor(numbers, 'kernel'), [inputs, columns]),
    tf.tensor(numbersFor(numbers, 'recurrentKernel'), [units, columns]),
    tf.tensor(numbersFor(numbers, 'bias'), [columns]),
  ]);
  return layer;
}

export function recurrence(loaded: Tfjs, task: RecurrentCase, numbers: Numbers): Prepared {
  const { tf } = loaded;
  const { batch, time, inputs } = task;
  const layer = layerOf(loaded, task, numbers, true);
  const run = (): Float32Array => {
    let values: Float32Array | undefined;
    tf.tidy(() => {
      const x = tf.tensor(numbersFor(numbers, 'x'), [batch, time, inputs]);
      const [y] = [layer.apply(x)].flat();
      if (!(y instanceof tf.Tensor)) throw new TypeError('the layer gave no tensor');
      values = y.dataSync<'float32'>();
    });
    return values!;
  };
  return { run, output: run };
}

/** The layer's cell, called with the frame and the states of the call before. */
export function streaming(loaded: Tfjs, task: StreamCase, numbers: Numbers): Prepared {
  const { tf } = loaded;
  const { inputs, units } = task;
  const { cell } = layerOf(loaded, task, numbers, true) as unknown as {
    readonly cell: { call(inputs: readonly object[], kwargs: object): readonly object[] };
  };
  const zeros = () => tf.zeros([1, units]);
  let states = task.cell === 'LSTM' ? [zeros(), zeros()] : [zeros()];
  const run = (): Float32Array => {
    const before = states;
    let values: Float32Array | undefined;
    states = tf.tidy(() => {
      const frame = tf.tensor(numbersFor(numbers, 'x'), [1, inputs]);
      const [y, ...after] = cell.call([frame, ...before], {}) as typeof states;
      values = y!.dataSync<'float32'>();
      return after;
    });
    for (const state of before) state.dispose();
    return values!;
  };
  return {
    run,
    output: () => Float32Array.from(Array.from({ length: comparedSteps }, () => [...run()]).flat()),
  };
}
