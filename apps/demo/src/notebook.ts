/** The notebook: a SimpleRNN by hand, by the library, and by Keras, with the same weights and the same input. */
import {
  add,
  glorotUniform,
  matmul,
  orthogonal,
  reshape,
  scope,
  slice,
  stack,
  tanh,
  tensor,
  zeros,
} from '@recurra/core';
import { tfRandom } from '@recurra/core/random';
import { rnn, simpleRNNCell } from '@recurra/cells';
import type { Floats } from '@recurra/cells';
import golden from '../data/notebook.json' with { type: 'json' };
import { largestDifference, same, sameBits, tolerance } from './golden.js';
import { cyan, difference, heading, verdict } from './screen.js';

const [batch, steps, features, units] = [32, 16, 12, 8];

/** One step, as the textbook has it: h_t = tanh(x_t·W + h_{t−1}·U) */
function rnnCell(x_t: Floats, h: Floats, W: Floats, U: Floats): Floats {
  return tanh(add(matmul(x_t, W), matmul(h, U)));
}

/** The hand-written loop over time: x [B, T, F] → [B, T, units]. */
function byHand(x: Floats, W: Floats, U: Floats): Floats {
  return scope(() => {
    let h = zeros([batch, units]);
    const outputs: Floats[] = [];
    for (let t = 0; t < steps; t++) {
      const x_t = reshape(slice(x, [0, t], [-1, 1]), [batch, features]);
      h = rnnCell(x_t, h, W, U);
      outputs.push(h);
    }
    return stack(outputs, 1);
  });
}

/** Prints the comparison; gives whether everything was as Keras has it. */
export async function notebook(): Promise<boolean> {
  heading('The notebook: SimpleRNN, seed 42, batch 32, 16 steps, 12 features, 8 units');
  console.log(`  Recurra began as a notebook that writes a SimpleRNN by hand and compares it with Keras. Here it is again, with
  what Keras 3.15.1 gave (recorded in apps/demo/data). The same means: |a − e| ≤ ${tolerance}·(1 + |e|), float32 rounding.
`);

  const kernel = glorotUniform({ seed: 42 })([features, units]);
  const recurrentKernel = orthogonal({ seed: 42 })([units, units]);
  const input = tfRandom(42).normal([batch, steps, features]);
  const drawn = [
    ['kernel            glorotUniform({ seed: 42 })', sameBits(kernel, golden.kernel)],
    ['recurrent kernel  orthogonal({ seed: 42 })', sameBits(recurrentKernel, golden.recurrentKernel)],
    ['input             tfRandom(42).normal', sameBits(input, golden.input)],
  ] as const;
  for (const [what, equal] of drawn) console.log(`  ${what.padEnd(46)} Keras's bits: ${verdict(equal)}`);

  const W = tensor(kernel, [features, units]);
  const U = tensor(recurrentKernel, [units, units]);
  const x = tensor(input, [batch, steps, features]);
  const cell = simpleRNNCell({ units, useBias: false });
  const [hand, library] = scope(() => [
    byHand(x, W, U),
    rnn(cell, { kernel: W, recurrentKernel: U }, x, { returnSequences: true }).outputs,
  ]) as [Floats, Floats];
  const results = [
    ['by hand, op by op', await hand.data()],
    ['simpleRNNCell through rnn()', await library.data()],
  ] as const;
  for (const [how, y] of results) {
    const far = largestDifference(y, golden.output);
    console.log(`  ${how.padEnd(46)} largest difference to Keras: ${cyan(difference(far))}`);
  }
  for (const t of [hand, library, W, U, x]) t.dispose();

  const equal = drawn.every(([, bits]) => bits) && results.every(([, y]) => same(y, golden.output));
  console.log(`\n  Are my results the same as the Keras layer? ${verdict(equal)}`);
  return equal;
}
