/** Chooses element by element. tfjs's Select does not broadcast, so the operands are repeated first. */
import type { Operand, Spec } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcastTo } from '../broadcast.js';
import type { Call } from '../call.js';
import type { TfHandle } from '../handle.js';
import { select } from '../select.js';

export function where(
  on: Call,
  cond: Operand<TfHandle>,
  a: Operand<TfHandle>,
  b: Operand<TfHandle>,
  out: Spec,
): TensorInfo {
  const whole = (x: Operand<TfHandle>): TensorInfo => broadcastTo(on, on.view(x), out.shape);
  return select(on, whole(cond), whole(a), whole(b));
}
