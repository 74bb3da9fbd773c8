/** All that hides something in multi-head attention, as one mask that broadcasts to the scores. */
import { ArgumentError, reshape, ShapeError, transpose } from '@recurra/core';
import type { Backend, Shape } from '@recurra/core';
import { checkedBools, checkedPadding } from '../checks.js';
import { causalMask } from '../masks/causal-mask.js';
import { combineMasks } from '../masks/combine-masks.js';
import type { Mask } from '../masks/mask.js';
import { slidingWindowMask } from '../masks/sliding-window-mask.js';
import type { Layout } from './layout.js';

/** The masks that a layer with heads takes. */
export interface HeadMasks {
  /** True where attention may go: [B, Tq, Tv], or what broadcasts to it, or [B, N, Tq, Tv] with one for each head. */
  readonly attentionMask?: Mask | null;
  /** The mask that the query carries, bool [B, Tq]: a false row sees nothing. Its output is not 0. */
  readonly queryMask?: Mask | null;
  /** Bool [B, Tv]. */
  readonly valueMask?: Mask | null;
  /** Bool [B, Tv]. */
  readonly keyMask?: Mask | null;
  /** A query sees no key after its own position. Default false. */
  readonly useCausalMask?: boolean;
}

interface Hiding extends HeadMasks {
  readonly heads: number;
  readonly slidingWindow: number | null;
  readonly query: Shape;
  readonly value: Shape;
}

/** @returns a mask of the rank of the scores, or null when nothing is hidden */
export function headMask(op: string, layout: Layout, hiding: Hiding, backend: Backend): Mask | null {
  const ones = (shape: Shape): number[] => shape.map(() => 1);
  const { batches, queries, keys, order } = layout;
  /** [B, …] in the order of the scores. */
  const carried = (
    role: string,
    mask: Mask | null | undefined,
    of: Shape,
    tail: readonly [Shape, Shape],
  ): Mask | null =>
    mask == null
      ? null
      : reshape(transpose(checkedPadding(op, role, mask, of.slice(0, -1), '[B, T]'), order), [
          ...batches,
          1,
          ...tail[0],
          ...tail[1],
        ]);
  const ordered = ([Tq, Tk]: readonly [number, number]): (Mask | null)[] => [
    hiding.useCausalMask ? causalMask(Tq, Tk, { backend }) : null,
    hiding.slidingWindow === null ? null : slidingWindowMask(Tq, Tk, hiding.slidingWindow, { backend }),
  ];
  const masks = [
    hiding.attentionMask == null ? null : aligned(op, hiding.attentionMask, layout, hiding.heads),
    carried('queryMask', hiding.queryMask, hiding.query, [queries, ones(keys)]),
    carried('valueMask', hiding.valueMask, hiding.value, [ones(queries), keys]),
    carried('keyMask', hiding.keyMask, hiding.value, [ones(queries), keys]),
    ...(hiding.useCausalMask || hiding.slidingWindow !== null ? ordered(oneAxis(op, layout)) : []),
  ];
  return combineMasks(...masks.filter((mask) => mask === null || mask.size > 0));
}

/** Before and after have a meaning along one axis. */
function oneAxis(op: string, { queries, keys }: Layout): readonly [number, number] {
  if (queries.length === 1) return [Math.max(queries[0]!, 1), keys[0]!];
  throw new ArgumentError(
    op,
    'useCausalMask and slidingWindow need attention over one axis',
    { queries, keys },
    'give the order as attentionMask',
  );
}

/** With axes of length 1 for the batches and heads it does not tell apart, put where Keras puts them. */
function aligned(op: string, mask: unknown, { batches, queries, keys }: Layout, heads: number): Mask {
  const bools = checkedBools(op, 'attentionMask', mask);
  const scores = [...batches, heads, ...queries, ...keys];
  const attended = queries.length + keys.length;
  const missing = scores.length - bools.rank;
  const lead = bools.rank - attended;
  const shape = [...bools.shape.slice(0, Math.max(lead, 0)), ...Array<number>(Math.max(missing, 0)).fill(1)];
  shape.push(...bools.shape.slice(Math.max(lead, 0)));
  if (missing < 0 || lead < 0 || shape.some((n, i) => n !== 1 && n !== scores[i])) {
    throw new ShapeError(
      op,
      'attentionMask does not broadcast to the scores',
      { attentionMask: bools.shape, scores },
      'attentionMask is [B, Tq, Tv], [Tq, Tv] or [B, N, Tq, Tv]; valueMask is [B, Tv]',
    );
  }
  return reshape(bools, shape);
}
