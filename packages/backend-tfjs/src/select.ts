/**
 * t where cond, else e; all of one shape. What is not chosen has no influence, be it NaN. Some engines select 32 bits at
 * a time, and a bool has 8: that one is cond ∧ t ∨ ¬cond ∧ e.
 */
import { sizeOf } from '@recurra/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from './call.js';

export function select(on: Call, condition: TensorInfo, t: TensorInfo, e: TensorInfo): TensorInfo {
  if (t.shape.length > 4 && on.shades) {
    // tfjs's shaders choose in up to four axes; here one is enough.
    const flat = (x: TensorInfo): TensorInfo => on.reshape(x, [sizeOf(x.shape)]);
    return on.reshape(select(on, flat(condition), flat(t), flat(e)), t.shape);
  }
  if (t.dtype !== 'bool') return on.run('Select', { condition, t, e });
  const chosen = on.run('LogicalAnd', { a: condition, b: t });
  const other = on.run('LogicalAnd', { a: on.run('LogicalNot', { x: condition }), b: e });
  return on.run('LogicalOr', { a: chosen, b: other });
}
