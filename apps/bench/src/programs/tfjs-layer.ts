/** An LSTM over a sequence, with tfjs-layers. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import * as lstm from './lstm.js';

const { inputs, time, units } = lstm;

export async function firstResult(backend: 'cpu' | 'wasm'): Promise<void> {
  await tf.setBackend(backend);
  const layer = layers.lstm({
    units,
    recurrentActivation: 'sigmoid',
    returnSequences: true,
    recurrentInitializer: 'zeros',
  });
  layer.apply(tf.zeros([1, 1, inputs]));
  layer.setWeights([
    tf.tensor(lstm.kernel(), [inputs, 4 * units]),
    tf.tensor(lstm.recurrentKernel(), [units, 4 * units]),
    tf.tensor(lstm.bias(), [4 * units]),
  ]);
  const [y] = [layer.apply(tf.tensor(lstm.x(), [1, time, inputs]))].flat();
  lstm.done((y as tf.Tensor).dataSync<'float32'>());
}
