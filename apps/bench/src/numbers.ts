/** The numbers of a case: random, unequal, and the same for every peer and in every run. */
import { glorotUniform, uniform } from '@recurra/core/random';
import { gatesOf, type AttentionCase, type Case } from './cases.js';

/**
 * Row-major float32 arrays by role: x, kernel, recurrentKernel, bias for a recurrence, target too where it trains; query,
 * keys and weights for attention; a, b for an addition.
 */
export type Numbers = Readonly<Record<string, Float32Array>>;

const spread = (shape: readonly number[], seed: number, most = 1): Float32Array =>
  uniform(shape, { minval: -most, maxval: most, seed });

export function numbersOf(task: Case): Numbers {
  if (task.kind === 'gate') return { a: uniform([1], { seed: 1 }), b: uniform([1], { seed: 2 }) };
  if (task.kind === 'attention') return attentionNumbers(task);
  const { batch, time, inputs, units, cell } = task;
  const columns = gatesOf[cell] * units;
  return {
    x: spread([batch, time, inputs], 1),
    kernel: glorotUniform({ seed: 2 })([inputs, columns]),
    recurrentKernel: glorotUniform({ seed: 3 })([units, columns]),
    // The input's row and the state's, where the reset stands between the two.
    bias: spread(cell === 'GRU' ? [2, columns] : [columns], 4, 0.5),
    ...(task.kind === 'training' && { target: spread([batch, units], 5) }),
  };
}

/** Dot products of narrower numbers, so that the softmax does not choose one key alone. */
function attentionNumbers({ form, batch, memory, width }: AttentionCase): Numbers {
  if (form === 'multi-head') {
    const weights = ['query', 'key', 'value', 'output'].flatMap((name, i) => [
      [`${name}Kernel`, glorotUniform({ seed: 10 + i })([width, width])] as const,
      [`${name}Bias`, spread([width], 20 + i, 0.5)] as const,
    ]);
    return { x: spread([batch, memory, width], 1), ...Object.fromEntries(weights) };
  }
  const queryAndKeys = { query: spread([batch, 1, width], 1), keys: spread([batch, memory, width], 2) };
  if (form === 'dot') return queryAndKeys;
  return {
    ...queryAndKeys,
    queryKernel: glorotUniform({ seed: 3 })([width, width]),
    keyKernel: glorotUniform({ seed: 4 })([width, width]),
    v: spread([width], 5),
  };
}

/** One array by its role. */
export function numbersFor(numbers: Numbers, role: string): Float32Array {
  const found = numbers[role];
  if (!found) throw new Error(`the case has no ${role}, only ${Object.keys(numbers).join(', ')}`);
  return found;
}
