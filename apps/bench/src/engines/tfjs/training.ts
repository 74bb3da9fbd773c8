/** A step of gradient descent on the mean square error of the last output. */
import type { TrainingCase } from '../../cases.js';
import { numbersFor, type Numbers } from '../../numbers.js';
import { comparedLosses, type Prepared } from '../../peer.js';
import type { Tfjs } from './load.js';
import { layerOf } from './recurrence.js';

export function training(loaded: Tfjs, task: TrainingCase, numbers: Numbers): Prepared {
  const { tf } = loaded;
  const { batch, time, inputs, units, rate } = task;
  const layer = layerOf(loaded, task, numbers, false);
  const optimizer = tf.train.sgd(rate);
  const run = (): number => {
    const loss = tf.tidy(() => {
      const x = tf.tensor(numbersFor(numbers, 'x'), [batch, time, inputs]);
      const target = tf.tensor(numbersFor(numbers, 'target'), [batch, units]);
      return optimizer.minimize(() => {
        const [y] = [layer.apply(x)].flat();
        if (!(y instanceof tf.Tensor)) throw new TypeError('the layer gave no tensor');
        return tf.mean(tf.square(tf.sub(y, target)));
      }, true)!;
    });
    const [number] = loss.dataSync();
    loss.dispose();
    return number!;
  };
  const output = () =>
    Float32Array.from([
      ...Array.from({ length: comparedLosses }, run),
      ...layer.getWeights().flatMap((w) => [...w.dataSync()]),
    ]);
  return { run, output };
}
