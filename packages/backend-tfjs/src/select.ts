/**
 * t where cond, else e; all of one shape. What is not chosen has no influence, be it NaN. Some engines select 32 bits at
 * a time, and a bool has 8: that one is cond ∧ t ∨ ¬cond ∧ e.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from './call.js';

export function select(on: Call, condition: TensorInfo, t: TensorInfo, e: TensorInfo): TensorInfo {
  if (t.dtype !== 'bool') return on.run('Select', { condition, t, e });
  const chosen = on.run('LogicalAnd', { a: condition, b: t });
  const other = on.run('LogicalAnd', { a: on.run('LogicalNot', { x: condition }), b: e });
  return on.run('LogicalOr', { a: chosen, b: other });
}
