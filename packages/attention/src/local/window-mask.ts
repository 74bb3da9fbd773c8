/** The mask of a local window: query i sees key j only when |j − p_i| ≤ D. */
import { abs, checkedCount, lessEqual, scope } from '@recurra/core';
import type { Mask } from '../masks/mask.js';
import type { Floats } from '../score.js';
import { distances } from './positions.js';

/**
 * Centres p [B, Tq] → bool [B, Tq, Tk]: the window [p − D, p + D], cut off at both ends of the keys. A centre that is a
 * whole number sees 2D + 1 keys, others up to 2D. No gradient goes through the edges of a window.
 *
 * Luong, Pham & Manning 2015, section 3.2.
 *
 * @throws ShapeError unless centres have rank 2; ArgumentError for counts below 1
 */
export function windowMask(centres: Floats, keys: number, radius: number): Mask {
  return scope(() => {
    const D = checkedCount('windowMask', 'radius', radius, 'D, the keys to each side: 2');
    return lessEqual(abs(distances('windowMask', centres, keys)), D);
  });
}
