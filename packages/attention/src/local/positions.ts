/** Where keys are, counted from 0, beside where windows are centred: what masks and Gaussians of windows have in common. */
import { checkedCount, checkedFloats, expandDims, ShapeError, sub, tensor } from '@recurra/core';
import type { Floats } from '../score.js';

/** j − p_i: centres p [B, Tq] → [B, Tq, Tk]. */
export function distances(op: string, centres: Floats, keys: number): Floats {
  const { shape, backend } = checkedFloats(op, 'centres', centres);
  if (shape.length !== 2) {
    const hint = 'centres are [B, Tq], one for each query';
    throw new ShapeError(op, 'centres must have rank 2', { centres: shape }, hint, 'RANK');
  }
  const Tk = checkedCount(op, 'keys', keys, 'the number of keys, Tk');
  const j = tensor(
    Float32Array.from({ length: Tk }, (_, at) => at),
    [Tk],
    { backend },
  );
  return sub(j, expandDims(centres, -1));
}
