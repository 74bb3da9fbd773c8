/** Frame by frame through `stream`, which keeps the state. */
import { stream } from '@recurra/cells';
import type { StreamCase } from '../../cases.js';
import { numbersFor, type Numbers } from '../../numbers.js';
import { comparedSteps, type Prepared } from '../../peer.js';
import { cellOf, weightsOf } from './layer.js';

export function streaming(task: StreamCase, numbers: Numbers): Prepared {
  const live = stream(cellOf(task), weightsOf(task, numbers));
  const frame = numbersFor(numbers, 'x');
  const out = new Float32Array(task.units);
  return {
    run: () => live.step(frame, out),
    output: () => Float32Array.from(Array.from({ length: comparedSteps }, () => [...live.step(frame)]).flat()),
  };
}
