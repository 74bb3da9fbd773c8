/** The mask of a padded sequence: no query sees padding. */
import { reshape, ShapeError } from '@recurra/core';
import { checkedBools } from '../checks.js';
import type { Mask } from './mask.js';

/**
 * bool [B, Tk], true where a position is real → [B, 1, Tk], for all queries alike.
 *
 * @throws ShapeError unless it has rank 2; DTypeError unless it is bool
 */
export function paddingMask(valid: Mask): Mask {
  const { shape } = checkedBools('paddingMask', 'valid', valid);
  if (shape.length !== 2)
    throw new ShapeError('paddingMask', 'valid must have rank 2', { valid: shape }, 'valid is [B, Tk]', 'RANK');
  const [B, Tk] = shape as readonly [number, number];
  return reshape(valid, [B, 1, Tk]);
}
