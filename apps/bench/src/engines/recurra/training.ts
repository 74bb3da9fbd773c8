/** A step of gradient descent on the mean square error of the last output. */
import { rnn } from '@recurra/cells';
import { leaves, mean, mul, scope, square, sub, valueAndGrad } from '@recurra/core';
import type { TrainingCase } from '../../cases.js';
import type { Numbers } from '../../numbers.js';
import { comparedLosses, type Prepared } from '../../peer.js';
import { cellOf, floats, weightsOf, type Weights } from './layer.js';

export function training(task: TrainingCase, numbers: Numbers): Prepared {
  const { batch, time, inputs, units, rate } = task;
  const cell = cellOf(task);
  let params = weightsOf(task, numbers);
  const run = (): number => {
    const old = params;
    const [loss, next] = scope(() => {
      const x = floats(numbers, 'x', [batch, time, inputs]);
      const target = floats(numbers, 'target', [batch, units]);
      const [value, grads] = valueAndGrad((p: Weights) => mean(square(sub(rnn(cell, p, x).outputs, target))))(params);
      const step = (w: keyof Weights) => sub(params[w], mul(grads[w], rate));
      return [value, { kernel: step('kernel'), recurrentKernel: step('recurrentKernel'), bias: step('bias') }] as const;
    });
    params = next;
    leaves(old).forEach((w) => w.dispose());
    const [number] = loss.dataSync();
    loss.dispose();
    return number!;
  };
  // Losses hide much: the weights after the steps are compared too.
  const output = () =>
    Float32Array.from([
      ...Array.from({ length: comparedLosses }, run),
      ...leaves(params).flatMap((w) => [...w.dataSync()]),
    ]);
  return { run, output };
}
