/** The numbers of a case: random, unequal, and the same for every peer and in every run. */
import { glorotUniform, uniform } from '@recurra/core/random';
import type { Case, CellName } from './cases.js';

/** Row-major float32 arrays by role: x, kernel, recurrentKernel, bias for a recurrence, target too where it trains; a, b for an addition. */
export type Numbers = Readonly<Record<string, Float32Array>>;

/** Blocks of the kernels, side by side in Keras's order. */
const gates: Readonly<Record<CellName, number>> = { SimpleRNN: 1, LSTM: 4, GRU: 3 };

export function numbersOf(task: Case): Numbers {
  if (task.kind === 'gate') return { a: uniform([1], { seed: 1 }), b: uniform([1], { seed: 2 }) };
  const { batch, time, inputs, units } = task;
  const columns = gates[task.cell] * units;
  return {
    x: uniform([batch, time, inputs], { minval: -1, maxval: 1, seed: 1 }),
    kernel: glorotUniform({ seed: 2 })([inputs, columns]),
    recurrentKernel: glorotUniform({ seed: 3 })([units, columns]),
    bias: uniform([columns], { minval: -0.5, maxval: 0.5, seed: 4 }),
    ...(task.kind === 'training' && { target: uniform([batch, units], { minval: -1, maxval: 1, seed: 5 }) }),
  };
}

/** One array by its role. */
export function numbersFor(numbers: Numbers, role: string): Float32Array {
  const found = numbers[role];
  if (!found) throw new Error(`the case has no ${role}, only ${Object.keys(numbers).join(', ')}`);
  return found;
}
