/** hₜ = act(x·W + b + hₜ₋₁·U) */
import type { Activation } from './activations.js';
import type { Cell } from './recurrence.js';

export const simpleRNN = (act: Activation): Cell => ({
  bias: [[0]],
  gates: 1,
  states: 1,
  phases: [
    {
      of: 'h',
      from: 0,
      to: 1,
      into: 0,
      equation(z, at, _, u, h, __, p) {
        act(z, at, at + u);
        for (let j = 0; j < u; j++) h[p + j] = Math.fround(z[at + j]!);
      },
    },
  ],
});
