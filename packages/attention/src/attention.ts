/** attention = attend ∘ score. */
import { ArgumentError, checkedCount, checkedFlag, checkedFloats, checkOptions, scope } from '@recurra/core';
import type { Backend, Shape } from '@recurra/core';
import { attend, type Attended } from './attend.js';
import { checkedMask, checkRank } from './checks.js';
import { causalMask } from './masks/causal-mask.js';
import { combineMasks } from './masks/combine-masks.js';
import type { Mask } from './masks/mask.js';
import { slidingWindowMask } from './masks/sliding-window-mask.js';
import type { Floats, Score, ScoreFunction } from './score.js';

/** Options of `attention`. */
export interface AttentionOptions {
  /** True where attention may go: [B, Tq, Tk], [B, 1, Tk] or [Tq, Tk]. */
  readonly mask?: Mask | null;
  /** A query sees no key after its own position: `causalMask`. Default false. */
  readonly causal?: boolean;
  /** Query i sees key j only when |i − j| < slidingWindow: `slidingWindowMask`. Default null, no window. */
  readonly slidingWindow?: number | null;
}

/**
 * Context and weights of query [B, Tq, Dq] over keys [B, Tk, Dk] and values [B, Tk, Dv] (default: the keys), by any score.
 *
 *     const score = additiveScore({ units: 16 });
 *     const params = score.init({ query: 8, keys: 10 });
 *     const { context, weights } = attention(score, params, query, keys, undefined, { mask: paddingMask(valid) });
 */
export function attention<P>(
  score: ScoreFunction<P>,
  params: P,
  query: Floats,
  keys: Floats,
  values: Floats = keys,
  options: AttentionOptions = {},
): Attended {
  return scope(() => {
    const op = 'attention';
    if (typeof score !== 'function')
      throw new ArgumentError(op, 'score is not a function', { score }, 'additiveScore({ units: 16 }) makes one');
    checkOptions(op, options, ['mask', 'causal', 'slidingWindow']);
    const causal = checkedFlag(op, 'causal', options.causal ?? false);
    const window =
      options.slidingWindow == null
        ? null
        : checkedCount(op, 'slidingWindow', options.slidingWindow, 'slidingWindow: 4');
    const maskOf = ([, Tq, Tk]: Shape, backend: Backend): Mask | null =>
      combineMasks(
        options.mask,
        causal && Tq! > 0 ? causalMask(Tq!, Tk!, { backend }) : null,
        window !== null && Tq! > 0 ? slidingWindowMask(Tq!, Tk!, window, { backend }) : null,
      );
    if (isWhole(score)) {
      score.check(params, query, keys);
      const shape = [query.shape[0]!, query.shape[1]!, keys.shape[1]!];
      if (options.mask != null) checkedMask(op, options.mask, shape);
      return score.attend(params, query, score.prepare(params, keys), values, maskOf(shape, query.backend));
    }
    const scores = score(params, query, keys);
    checkRank(op, 'scores', checkedFloats(op, 'what the score gave', scores).shape, '[B, Tq, Tk]');
    if (options.mask != null) checkedMask(op, options.mask, scores.shape);
    return attend(scores, values, maskOf(scores.shape, scores.backend));
  });
}

type Whole<P> = ScoreFunction<P> & Pick<Score<P>, 'attend' | 'check' | 'prepare'>;

/** A score with all its parts, not just a function that gives scores. */
function isWhole<P>(score: ScoreFunction<P>): score is Whole<P> {
  return 'attend' in score;
}
