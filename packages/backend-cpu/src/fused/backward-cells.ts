/**
 * The equations of the three cells, backwards: from the gradients of the new states those of the gates before their
 * activation (dz) and of the old states. What is written as a product here is a row of units, element by element.
 */
import type { Slope } from './slopes.js';

/** One step of all rows. Gates lie without padding; what `accumulate` adds to, dh and ds, in rows of `w`. */
export interface BackwardStep {
  readonly u: number;
  readonly w: number;
  /** [B, columns·u]: z as it was saved; an equation turns it into activations, with their slopes in d. */
  readonly a: Float64Array;
  readonly d: Float64Array;
  /** [B, gates·u]: gradients on the side of x·W + b, and on the side of h·U: one array where they are the same. */
  readonly dz: Float64Array;
  readonly dr: Float64Array;
  /** [B, w]: come as gradients of the new states and go as those of the old, all but what the product with Uᵀ adds. */
  readonly dh: Float64Array;
  readonly ds: Float64Array;
  /** [B, u]: old h; old and new s, which is c in an LSTM; slopes of act(c). */
  readonly h: Float64Array;
  readonly old: Float64Array;
  readonly s: Float64Array;
  readonly e: Float64Array;
}

/** `equation` on every valid row b; then dh, or ds, += dr[gates from … to) · Uᵀ. */
export interface BackwardPhase {
  readonly equation: (step: BackwardStep, b: number) => void;
  readonly into: 'dh' | 'ds';
  readonly from: number;
  readonly to: number;
}

/** A cell on the way back. */
export interface BackwardCell {
  /** Whether the gradient on the side of h·U is another one than on the side of x·W. */
  readonly twoSided: boolean;
  /** Gates from here on were multiplied with r ⊙ h, which the last equation leaves in s, and not with h. */
  readonly resetFrom: number;
  readonly phases: readonly BackwardPhase[];
}

/** dz = dh·act′(z) */
const simpleRNNBackward = (act: Slope): BackwardCell => ({
  twoSided: false,
  resetFrom: 1,
  phases: [
    {
      into: 'dh',
      from: 0,
      to: 1,
      equation({ u, w, a, d, dz, dh }, b) {
        const p = b * u;
        act(a, d, p, p + u);
        for (let j = 0, q = b * w; j < u; j++, q++) {
          dz[p + j] = dh[q]! * d[p + j]!;
          dh[q] = 0;
        }
      },
    },
  ],
});

/**
 *     dc = dcₜ + dhₜ·o·act′(cₜ)                            dcₜ₋₁ = dc·f
 *     di, df, dg, do = dc·g, dc·cₜ₋₁, dc·i, dhₜ·act(cₜ)     each times the slope of its gate
 */
const lstmBackward = (act: Slope, ract: Slope): BackwardCell => ({
  twoSided: false,
  resetFrom: 4,
  phases: [
    {
      into: 'dh',
      from: 0,
      to: 4,
      equation({ u, w, a, d, dz, dh, ds, old, s, e }, b) {
        const p = b * 4 * u;
        const row = b * u;
        ract(a, d, p, p + 2 * u);
        act(a, d, p + 2 * u, p + 3 * u);
        ract(a, d, p + 3 * u, p + 4 * u);
        act(s, e, row, row + u);
        for (let j = 0; j < u; j++) {
          const i = p + j;
          const q = b * w + j;
          const k = row + j;
          const f = i + u;
          const g = f + u;
          const o = g + u;
          const dc = ds[q]! + dh[q]! * a[o]! * e[k]!;
          dz[i] = dc * a[g]! * d[i]!;
          dz[f] = dc * old[k]! * d[f]!;
          dz[g] = dc * a[i]! * d[g]!;
          dz[o] = dh[q]! * s[k]! * d[o]!;
          ds[q] = dc * a[f]!;
          dh[q] = 0;
        }
      },
    },
  ],
});

/**
 *     dz = dhₜ·(hₜ₋₁ − ĥ)     dĥ = dhₜ·(1 − z)     dhₜ₋₁ = dhₜ·z + …     each gate times its slope
 *     reset after:   dr = dĥ·(h·U_h + b'_h)           and h·U_h has the gradient dĥ·r
 *     reset before:  dr = (dĥ·U_hᵀ)·hₜ₋₁               dhₜ₋₁ += (dĥ·U_hᵀ)·r
 */
function gruBackward(act: Slope, ract: Slope, resetAfter: boolean): BackwardCell {
  const after: BackwardPhase = {
    into: 'dh',
    from: 0,
    to: 3,
    equation({ u, w, a, d, dz, dr, dh, h }, b) {
      const p = b * 4 * u;
      ract(a, d, p, p + 2 * u);
      for (let j = p + 2 * u; j < p + 3 * u; j++) a[j]! += a[j - u]! * a[j + u]!;
      act(a, d, p + 2 * u, p + 3 * u);
      for (let j = 0; j < u; j++) {
        const z = p + j;
        const r = z + u;
        const g = r + u;
        const at = b * 3 * u + j;
        const q = b * w + j;
        const dg = dh[q]! * (1 - a[z]!) * d[g]!;
        dz[at] = dr[at] = dh[q]! * (h[b * u + j]! - a[g]!) * d[z]!;
        dz[at + u] = dr[at + u] = dg * a[g + u]! * d[r]!;
        dz[at + 2 * u] = dg;
        dr[at + 2 * u] = dg * a[r]!;
        dh[q]! *= a[z]!;
      }
    },
  };
  if (resetAfter) return { twoSided: true, resetFrom: 3, phases: [after] };
  const candidate: BackwardPhase = {
    into: 'ds',
    from: 2,
    to: 3,
    equation({ u, w, a, d, dz, dh, ds, h }, b) {
      const p = b * 3 * u;
      ract(a, d, p, p + 2 * u);
      act(a, d, p + 2 * u, p + 3 * u);
      for (let j = 0; j < u; j++) {
        const z = p + j;
        const g = z + 2 * u;
        const q = b * w + j;
        dz[z] = dh[q]! * (h[b * u + j]! - a[g]!) * d[z]!;
        dz[g] = dh[q]! * (1 - a[z]!) * d[g]!;
        dh[q]! *= a[z]!;
        ds[q] = 0;
      }
    },
  };
  const gates: BackwardPhase = {
    into: 'dh',
    from: 0,
    to: 2,
    equation({ u, w, a, d, dz, dh, ds, h, s }, b) {
      for (let j = 0; j < u; j++) {
        const r = b * 3 * u + u + j;
        const q = b * w + j;
        const k = b * u + j;
        dz[r] = ds[q]! * h[k]! * d[r]!;
        dh[q]! += ds[q]! * a[r]!;
        s[k] = a[r]! * h[k]!;
      }
    },
  };
  return { twoSided: false, resetFrom: 2, phases: [candidate, gates] };
}

/** The three by the names of their kernels. */
export const backwardCells = {
  simpleRNN: (act: Slope) => simpleRNNBackward(act),
  lstm: (act: Slope, ract: Slope) => lstmBackward(act, ract),
  gru: (act: Slope, ract: Slope, { resetAfter }: { readonly resetAfter?: boolean }) =>
    gruBackward(act, ract, resetAfter!),
} satisfies Record<string, (act: Slope, ract: Slope, spec: { readonly resetAfter?: boolean }) => BackwardCell>;
export type BackwardName = keyof typeof backwardCells;
