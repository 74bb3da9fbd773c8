/**
 *     i, f, o = ract(zᵢ), ract(z_f), ract(zₒ)     g = act(z_c)     z = x·W + b + hₜ₋₁·U, gates i f c o
 *     cₜ = f ⊙ cₜ₋₁ + i ⊙ g
 *     hₜ = o ⊙ act(cₜ)
 */
import type { Activation } from './activations.js';
import type { Cell } from './recurrence.js';

export const lstm = (act: Activation, ract: Activation): Cell => ({
  bias: [[0], [1], [2], [3]],
  gates: 4,
  states: 2,
  phases: [
    {
      of: 'h',
      from: 0,
      to: 4,
      into: 0,
      equation(z, i, w, u, h, c, p) {
        const f = i + w;
        const g = f + w;
        const o = g + w;
        ract(z, i, f + u);
        act(z, g, g + u);
        ract(z, o, o + u);
        for (let j = 0; j < u; j++) {
          z[g + j] = c[p + j] = Math.fround(z[f + j]! * c[p + j]! + z[i + j]! * z[g + j]!);
        }
        act(z, g, g + u);
        for (let j = 0; j < u; j++) h[p + j] = Math.fround(z[o + j]! * z[g + j]!);
      },
    },
  ],
});
