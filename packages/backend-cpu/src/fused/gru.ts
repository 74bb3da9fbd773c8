/**
 *     z = ract(x·W_z + b_z + h·U_z)     r = ract(x·W_r + b_r + h·U_r)            h = hₜ₋₁, gates z r h
 *     reset after:   ĥ = act(x·W_h + b_h + r ⊙ (h·U_h + b'_h))
 *     reset before:  ĥ = act(x·W_h + b_h + (r ⊙ h)·U_h)
 *     hₜ = z ⊙ h + (1 − z) ⊙ ĥ
 *
 * Reset after, the recurrent share of ĥ lies in a fourth column of its own; the bias has a second row for it.
 */
import type { Activation } from './activations.js';
import type { Cell, Equation } from './recurrence.js';

export function gru(act: Activation, ract: Activation, resetAfter: boolean): Cell {
  const update: Equation = (z, at, w, u, h, _, p) => {
    const g = at + 2 * w;
    act(z, g, g + u);
    for (let j = 0; j < u; j++) {
      const keep = z[at + j]!;
      h[p + j] = Math.fround(keep * h[p + j]! + (1 - keep) * z[g + j]!);
    }
  };
  if (resetAfter) {
    return {
      bias: [[0, 3], [1, 4], [2], [5]],
      gates: 3,
      states: 1,
      phases: [
        { of: 'h', from: 0, to: 2, into: 0 },
        {
          of: 'h',
          from: 2,
          to: 3,
          into: 3,
          equation(z, at, w, u, h, s, p) {
            ract(z, at, at + w + u);
            const r = at + w;
            for (let j = 0; j < u; j++) z[r + w + j]! += z[r + j]! * z[r + 2 * w + j]!;
            update(z, at, w, u, h, s, p);
          },
        },
      ],
    };
  }
  return {
    bias: [[0], [1], [2]],
    gates: 3,
    states: 1,
    phases: [
      {
        of: 'h',
        from: 0,
        to: 2,
        into: 0,
        // s = r ⊙ h
        equation(z, at, w, u, h, s, p) {
          ract(z, at, at + w + u);
          for (let j = 0; j < u; j++) s[p + j] = z[at + w + j]! * h[p + j]!;
        },
      },
      { of: 's', from: 2, to: 3, into: 2, equation: update },
    ],
  };
}
