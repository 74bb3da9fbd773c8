/**
 * a_ij = softmax_j(e_ij) over |j − p_i| ≤ D, else 0          and with the Gaussian times exp(−(j − p_i)² / 2σ²), σ = D/2
 * c_i  = Σ_j a_ij v_j
 *
 * Luong, Pham & Manning 2015, section 3.2. The softmax runs over the window alone. The Gaussian comes after it and nothing
 * is normalised again: the farther a weight is from the centre, the more of it is lost.
 */
import {
  ArgumentError,
  checkedCount,
  checkedFlag,
  checkedFloats,
  checkOptions,
  matmul,
  mul,
  scope,
  ShapeError,
} from '@recurra/core';
import { attend, type Attended } from '../attend.js';
import { checkedMask, checkRank } from '../checks.js';
import { combineMasks } from '../masks/combine-masks.js';
import type { Mask } from '../masks/mask.js';
import type { Floats, ScoreFunction } from '../score.js';
import { gaussianWindow } from './gaussian-window.js';
import { monotonicCentres } from './monotonic-centres.js';
import { windowMask } from './window-mask.js';

/** Options of `localAttention`. */
export interface LocalAttentionOptions {
  /** D: the window reaches from p − D to p + D. */
  readonly radius: number;
  /** p, float32 [B, Tq] or [1, Tq]. Default `monotonicCentres`: query i looks at key i. */
  readonly centres?: Floats;
  /** Multiply with the Gaussian. Default true when centres are given, else false: local-p has it, local-m has not. */
  readonly gaussian?: boolean;
  /** True where attention may go: [B, Tq, Tk], [B, 1, Tk] or [Tq, Tk]. */
  readonly mask?: Mask | null;
}

/**
 * Context and weights of query [B, Tq, Dq] over the window of keys [B, Tk, Dk] and values [B, Tk, Dv] (default: the keys)
 * around each centre, by any score.
 *
 *     localAttention(score, params, query, keys, keys, { radius: 2 });             // local-m
 *     localAttention(score, params, query, keys, keys, { radius: 2, centres });    // local-p, see predictiveCentres
 *
 * A window in which nothing is valid is a row with nothing valid: `attend` gives it uniform weights over all keys.
 *
 * @throws ArgumentError for a radius below 1; ShapeError for centres that do not fit; what `attention` throws
 */
export function localAttention<P>(
  score: ScoreFunction<P>,
  params: P,
  query: Floats,
  keys: Floats,
  values: Floats | undefined,
  options: LocalAttentionOptions,
): Attended {
  return scope(() => {
    const op = 'localAttention';
    if (typeof score !== 'function')
      throw new ArgumentError(op, 'score is not a function', { score }, 'generalScore() makes one');
    checkOptions(op, options, ['radius', 'centres', 'gaussian', 'mask']);
    const radius = checkedCount(op, 'radius', options.radius, 'D, the keys to each side: { radius: 2 }');
    const gaussian = checkedFlag(op, 'gaussian', options.gaussian ?? options.centres !== undefined);
    const scores = score(params, query, keys);
    checkRank(op, 'scores', checkedFloats(op, 'what the score gave', scores).shape, '[B, Tq, Tk]');
    const [B, Tq, Tk] = scores.shape as readonly [number, number, number];
    const p = options.centres ?? monotonicCentres(Math.max(Tq, 1), { backend: scores.backend });
    if (options.centres !== undefined) checkCentres(op, options.centres, B, Tq);
    const given = options.mask == null ? null : checkedMask(op, options.mask, scores.shape);
    const window = Tq === 0 ? null : windowMask(p, Tk, radius);
    const made = attend(scores, values ?? keys, combineMasks(given, window));
    if (!gaussian || Tq === 0) return made;
    const weights = mul(made.weights, gaussianWindow(p, Tk, radius));
    return { weights, context: matmul(weights, values ?? keys) };
  });
}

function checkCentres(op: string, centres: unknown, B: number, Tq: number): void {
  const { shape } = checkedFloats(op, 'centres', centres);
  if (shape.length === 2 && (shape[0] === B || shape[0] === 1) && shape[1] === Tq) return;
  throw new ShapeError(
    op,
    'centres must have one entry for each query',
    { centres: shape, expected: [B, Tq] },
    'centres are [B, Tq]; predictiveCentres and monotonicCentres make them',
  );
}
