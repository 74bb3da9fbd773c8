/** One step of Keras's SimpleRNN. The page shows these lines as they are. */
import { add, matmul, tanh } from '@recurra/core';
import type { Floats } from '@recurra/cells';
import type { State, Weights } from './weights.js';

export function simpleRNNStep(x_t: Floats, { h }: State, { W, U, b }: Weights): Record<'h', Floats> {
  const z = add(add(matmul(x_t, W), b), matmul(h, U));
  const h_t = tanh(z);
  return { h: h_t };
}
