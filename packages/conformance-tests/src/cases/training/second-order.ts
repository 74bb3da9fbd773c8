/**
 * Gradients of gradients, of whole sequences: half of |∂L/∂params|² differentiated by everything that goes in. A fused kernel
 * brings no second order, so two tapes compose, whatever the backend offers; in float64 the reference does the same.
 */
import { add, grad, mean, mul, softmax, square, sum, valueAndGrad, type Backend, type Tensor } from '@recurra/core';
import type { CaseEntry } from '../../case.js';
import { maskOf } from '../../vectors.js';
import { named, type Named } from '../cells.js';
import { besideReference, type Problem } from '../drawn/beside-reference.js';
import { inputsOf, kernels, type Kernel, type Sequence } from '../fused/sequences.js';
import { on, type Floats } from '../on.js';
import type { TrainingLibrary } from './library.js';

export function secondOrderEntries(library: TrainingLibrary): Record<string, CaseEntry> {
  const entries: Record<string, CaseEntry> = {};
  for (const kernel of kernels) {
    entries[`second-order/${kernel[1]}`] = besideReference(0, `second-order/${kernel[1]}`, ofCell(library, kernel));
  }
  return { ...entries, 'second-order/softmax': besideReference(0, 'second-order/softmax', ofSoftmax) };
}

const sizes: Sequence = { sizes: [2, 3, 2, 3], state: true, returnSequences: true };
const mask = ['101', '110'];

const ofCell =
  (library: TrainingLibrary, kernel: Kernel): Problem =>
  () =>
  (backend) => {
    const given = inputsOf(kernel, sizes, on(backend).floats);
    const inputs = { ...given.params, ...given.state, x: given.x } as Named;
    const cell = library.cell(kernel[2], { units: sizes.sizes[3], ...kernel[4] });
    const masked = on(backend).bools(maskOf(mask));
    const loss = (at: Named): Floats => {
      const { x, h, c, ...params } = at as Readonly<Record<'x' | 'h' | 'c', Floats>>;
      const how = { mask: masked, returnSequences: true, initialState: { h, ...(c && { c }) } };
      return mean(square(library.rnn(cell, params, x, how).outputs));
    };
    return ofGradient(inputs, loss);
  };

const ofSoftmax: Problem = (draw) => {
  const numbers = { x: draw.numbers([2, 5]) };
  return (backend: Backend) => ofGradient(named(numbers, backend), ({ x }) => sum(square(softmax(x!))));
};

function ofGradient(inputs: Named, loss: (at: Named) => Floats): Tensor[] {
  const norm = (at: Named): Floats =>
    Object.values(grad(loss)(at))
      .map((g) => mul(sum(square(g)), 0.5))
      .reduce((total, term) => add(total, term));
  const [value, second] = valueAndGrad(norm)(inputs);
  return [value, ...Object.values(second)];
}
