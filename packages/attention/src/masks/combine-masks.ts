/** Several masks at once: attention may go where every one of them lets it. */
import { broadcastShapes, logicalAnd, reshape, scope } from '@recurra/core';
import type { Shape } from '@recurra/core';
import { checkedBools } from '../checks.js';
import type { Mask } from './mask.js';

/**
 * The logical and of all masks, broadcasting; `null` and `undefined` hide nothing, and of nothing else it is null.
 *
 *     combineMasks(paddingMask(valid), causalMask(3, 4))        // [B, 3, 4]
 *
 * @throws ShapeError when shapes do not broadcast; DTypeError for one that is not bool
 */
export function combineMasks(...masks: readonly (Mask | null | undefined)[]): Mask | null {
  const op = 'combineMasks';
  const shapes: Record<string, Shape> = {};
  masks.forEach((mask, i) => {
    if (mask != null) shapes[`masks[${i}]`] = checkedBools(op, `masks[${i}]`, mask).shape;
  });
  broadcastShapes(op, shapes);
  const [first, ...rest] = masks.filter((mask) => mask != null);
  if (first === undefined) return null;
  // A lone mask is given as a tensor of its own too: the caller may dispose what it got.
  return scope(() => rest.reduce((all, mask) => logicalAnd(all, mask), reshape(first, first.shape)));
}
