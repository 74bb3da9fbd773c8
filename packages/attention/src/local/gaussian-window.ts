/** g_ij = exp(−(j − p_i)² / 2σ²),   σ = D/2: how a window favours the keys near its centre. */
import { checkedCount, exp, mul, scope, square } from '@recurra/core';
import type { Floats } from '../score.js';
import { distances } from './positions.js';

/**
 * Centres p [B, Tq] → [B, Tq, Tk], 1 at the centre. It is multiplied with attention weights, which then sum to less than
 * 1; through it the centres learn.
 *
 * Luong, Pham & Manning 2015, equation (10).
 *
 * @throws ShapeError unless centres have rank 2; ArgumentError for counts below 1
 */
export function gaussianWindow(centres: Floats, keys: number, radius: number): Floats {
  return scope(() => {
    const D = checkedCount('gaussianWindow', 'radius', radius, 'D, the keys to each side: 2');
    const sigma = D / 2;
    return exp(mul(square(distances('gaussianWindow', centres, keys)), -1 / (2 * sigma * sigma)));
  });
}
