/** What losses and metrics compare: targets as float32, of the shape of the predictions. */
import { cast, checkedFloats, expandDims, requireTensor, sameShape, ShapeError, squeeze } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import type { Floats } from '../trees.js';

/**
 * Both as float32 of one shape. Where the ranks differ by one and the longer ends in 1, that axis is added or taken, as
 * in Keras: [B] beside [B, 1]. Other shapes that broadcast are refused: they are the commonest mistake there is.
 */
export function aligned(op: string, yTrue: unknown, yPred: unknown): readonly [Floats, Floats] {
  const predicted = checkedFloats(op, 'yPred', yPred);
  requireTensor(op, 'yTrue', yTrue);
  const [t, p] = sameRank(cast(yTrue, 'float32'), predicted);
  if (p.rank === 0) throw new ShapeError(op, 'yPred must have an axis', { yPred: [] }, 'yPred is [B, …]', 'RANK');
  if (sameShape(t.shape, p.shape)) return [t, p];
  const facts = { yTrue: yTrue.shape, yPred: predicted.shape };
  throw new ShapeError(op, 'yTrue and yPred must have the same shape', facts, 'reshape one of them');
}

function sameRank(t: Floats, p: Floats): readonly [Floats, Floats] {
  if (t.rank === p.rank + 1 && endsIn1(t)) return p.rank === 1 ? [t, expandDims(p, -1)] : [squeeze(t, -1), p];
  if (p.rank === t.rank + 1 && endsIn1(p)) return t.rank === 1 ? [expandDims(t, -1), p] : [t, squeeze(p, -1)];
  return [t, p];
}

const endsIn1 = (x: Tensor): boolean => x.shape[x.rank - 1] === 1;
