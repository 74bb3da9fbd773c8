/**
 * x repeated to a larger shape. Neighbouring axes that are both repeated, or both not, are merged for the copy: it costs
 * tfjs time per axis, and some engines stop at four or five.
 */
import type { Shape } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from './call.js';

export function broadcastTo(on: Call, x: TensorInfo, shape: Shape): TensorInfo {
  const lead = shape.length - x.shape.length;
  const merged: number[] = [];
  const reps: number[] = [];
  shape.forEach((n, axis) => {
    if (n === 1) return;
    const m = axis < lead ? 1 : x.shape[axis - lead]!;
    const repeated = m !== n;
    const last = reps.length - 1;
    if (last >= 0 && repeated === reps[last]! > 1) {
      merged[last]! *= m;
      reps[last]! *= repeated ? n : 1;
    } else {
      merged.push(m);
      reps.push(repeated ? n : 1);
    }
  });
  const tiled = reps.some((n) => n > 1) ? on.run('Tile', { x: on.reshape(x, merged) }, { reps }) : x;
  return on.reshape(tiled, shape);
}
