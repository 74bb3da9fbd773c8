/**
 * TensorFlow.js on one of its engines. Its GRU has no reset_after, and its gates take Keras 2's hard sigmoid unless told
 * otherwise; both sides use the sigmoid.
 */
import type { Case } from '../../cases.js';
import { numbersFor, type Numbers } from '../../numbers.js';
import type { Engine, Prepared } from '../../peer.js';
import { attending } from './attention.js';
import type { Tfjs } from './load.js';
import { recurrence, streaming } from './recurrence.js';
import { training } from './training.js';

export function tfjsEngine(loaded: Tfjs): Engine {
  return {
    prepare(task: Case, numbers) {
      switch (task.kind) {
        case 'recurrent':
          return recurrence(loaded, task, numbers);
        case 'stream':
          return streaming(loaded, task, numbers);
        case 'training':
          return training(loaded, task, numbers);
        case 'attention':
          return attending(loaded, task, numbers);
        case 'gate':
          return additions(loaded, task.adds, numbers);
      }
    },
  };
}

function additions({ tf }: Tfjs, adds: number, numbers: Numbers): Prepared {
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
