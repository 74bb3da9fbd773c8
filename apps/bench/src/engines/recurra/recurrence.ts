/** A whole sequence through `rnn`. */
import { rnn } from '@recurra/cells';
import { scope } from '@recurra/core';
import type { RecurrentCase } from '../../cases.js';
import type { Numbers } from '../../numbers.js';
import type { Prepared } from '../../peer.js';
import { cellOf, floats, weightsOf } from './layer.js';

export function recurrence(task: RecurrentCase, numbers: Numbers): Prepared {
  const { batch, time, inputs } = task;
  const cell = cellOf(task);
  const weights = weightsOf(task, numbers);
  const run = (): Float32Array =>
    scope(() => {
      const x = floats(numbers, 'x', [batch, time, inputs]);
      return rnn(cell, weights, x, { returnSequences: true }).outputs.dataSync();
    });
  return { run, output: run };
}
