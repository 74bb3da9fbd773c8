/**
 * TensorFlow.js: tfjs-layers on its cpu engine. Its GRU has no reset_after, and its gates take Keras 2's hard sigmoid
 * unless told otherwise; both sides use reset-before and the sigmoid.
 */
import type { GateCase, RecurrentCase, TrainingCase } from '../cases.js';
import { numbersFor, type Numbers } from '../numbers.js';
import type { Peer, Prepared } from '../peer.js';

export const tfjs: Peer = {
  name: 'tfjs cpu',
  async open() {
    const tf = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
    const { layers } = await import('@tensorflow/tfjs-layers');
    tf.enableProdMode();
    await tf.setBackend('cpu');

    function recurrence(task: RecurrentCase, numbers: Numbers): Prepared {
      const { batch, time, inputs, units } = task;
      // The weights are set below; the default initializer would need methods that tfjs-core alone does not have.
      const shared = { units, activation: 'tanh', returnSequences: true, recurrentInitializer: 'zeros' } as const;
      const gated = { ...shared, recurrentActivation: 'sigmoid' } as const;
      const made = {
        SimpleRNN: () => layers.simpleRNN(shared),
        LSTM: () => layers.lstm(gated),
        GRU: () => layers.gru(gated),
      };
      const layer = made[task.cell]();
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

    function training({ batch, time, inputs, units, rate }: TrainingCase, numbers: Numbers): Prepared {
      const layer = layers.lstm({
        units,
        activation: 'tanh',
        recurrentActivation: 'sigmoid',
        recurrentInitializer: 'zeros',
      });
      tf.tidy(() => {
        layer.apply(tf.zeros([1, 1, inputs]));
      });
      layer.setWeights([
        tf.tensor(numbersFor(numbers, 'kernel'), [inputs, 4 * units]),
        tf.tensor(numbersFor(numbers, 'recurrentKernel'), [units, 4 * units]),
        tf.tensor(numbersFor(numbers, 'bias'), [4 * units]),
      ]);
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
        Float32Array.from([...Array.from({ length: 4 }, run), ...layer.getWeights().flatMap((w) => [...w.dataSync()])]);
      return { run, output };
    }

    function additions({ adds }: GateCase, numbers: Numbers): Prepared {
      const a = tf.tensor(numbersFor(numbers, 'a'), []);
      const b = tf.tensor(numbersFor(numbers, 'b'), []);
      const sum = () => {
        let total = a;
        for (let i = 0; i < adds; i++) total = tf.add(total, b);
        return total;
      };
      return {
        run: () =>
          tf.tidy(() => {
            sum();
          }),
        output: () => sum().dataSync<'float32'>(),
      };
    }

    return {
      prepare(task, n) {
        if (task.kind === 'training') return training(task, n);
        return task.kind === 'gate' ? additions(task, n) : recurrence(task, n);
      },
    };
  },
};
