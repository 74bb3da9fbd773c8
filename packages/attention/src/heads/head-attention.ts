/**
 * a_ij = softmax_j(q_iᵀ k_j / √H),   c_i = Σ_j a_ij v_j          for every head
 *
 * Vaswani et al. 2017, equation (1), in the two ways of Keras. They part where nothing is visible to a query:
 *
 *              hidden score becomes     a row with nothing visible
 *     fused    −0.7·3.38953·10³⁸        uniform weights: the mean of the values
 *     explicit −10⁹ (−3·10⁴ at 16 bits) weights set to 0 after the softmax: no context
 *
 * Keras takes the fused one when it can; it cannot drop weights or hand them out.
 */
import { applyFused, matmul, mul, reshape, sizeOf, softmax, where, whyNot } from '@recurra/core';
import type { Shape } from '@recurra/core';
import type { Mask } from '../masks/mask.js';
import type { Floats } from '../score.js';

/**
 * Queries [L, Tq, H], keys [L, Tk, H], values [L, Tk, Hv], where the L of keys and values may broadcast; the mask
 * broadcasts to `scores`, which has as many elements as [L, Tq, Tk].
 */
export interface Heads {
  readonly q: Floats;
  readonly k: Floats;
  readonly v: Floats;
  readonly mask: Mask | null;
  readonly scores: Shape;
  /** 1/√H */
  readonly scale: number;
}

/** @returns the context [L, Tq, Hv] */
export function fusedAttention({ q, k, v, mask, scores, scale }: Heads): Floats {
  const atOnce = mask === null ? inOneCall(q, k, v, scale) : null;
  if (atOnce !== null) return atOnce;
  const e = mul(matmul(q, k, { transposeB: true }), scale);
  const least = -0.7 * (e.backend.precision === 16 ? 65500 : 3.38953e38);
  return matmul(softmax(hide(e, mask, scores, least), -1), v);
}

/** @returns the context [L, Tq, Hv], and the weights, as `scores`, before `drop` */
export function explicitAttention(
  { q, k, v, mask, scores, scale }: Heads,
  drop: (weights: Floats) => Floats,
): { context: Floats; weights: Floats } {
  const e = matmul(mul(q, scale), k, { transposeB: true });
  const a = softmax(hide(e, mask, scores, e.backend.precision === 16 ? -3e4 : -1e9), -1);
  const weights = reshape(hide(a, mask, scores, 0), scores);
  return { context: matmul(reshape(drop(weights), a.shape), v), weights };
}

/** x where the mask is true, else the number. */
function hide(x: Floats, mask: Mask | null, scores: Shape, hidden: number): Floats {
  if (mask === null || sizeOf(scores) === 0) return x;
  return reshape(where(mask, reshape(x, scores), hidden), x.shape);
}

/** The context by the backend's fused attention, where it has one; nothing is hidden, and nothing broadcasts. */
function inOneCall(q: Floats, k: Floats, v: Floats, scale: number): Floats | null {
  const lead = q.shape.slice(0, -2);
  if (String(k.shape.slice(0, -2)) !== String(lead)) return null;
  const batch = sizeOf(lead);
  const [queries, width] = last(q);
  const [keys, values] = last(v);
  const spec = { score: 'scaledDot', scale, causal: false, dims: { batch, queries, keys, width, values } } as const;
  if (whyNot(q.backend, 'attention', spec) !== null) return null;
  const flat = [q, k, v].map((x) => reshape(x, [batch, ...x.shape.slice(-2)]));
  const made = applyFused('attention', spec, [...flat, null, null]);
  return made && (reshape(made[0]!, [...lead, queries, values]) as Floats);
}

const last = ({ shape }: Floats): readonly [number, number] => [shape.at(-2)!, shape.at(-1)!];
