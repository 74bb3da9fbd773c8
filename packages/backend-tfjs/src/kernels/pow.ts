/**
 * aᵇ as IEEE 754 has it: 1 to the power of anything is 1, NaN and ∞ too, and so is −1 to the power of ±∞. tfjs's cpu
 * engine calls JavaScript's pow, which gives NaN for these.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import { select } from '../select.js';

export function pow(on: Call, a: TensorInfo, b: TensorInfo): TensorInfo {
  const power = on.run('Pow', { a, b });
  const one = on.run('Equal', { a, b: on.fill([], 1, 'float32') });
  const minusOne = on.run('Equal', { a, b: on.fill([], -1, 'float32') });
  const turning = on.run('LogicalAnd', { a: minusOne, b: on.run('IsInf', { x: b }) });
  const always = on.run('LogicalOr', { a: one, b: turning });
  return select(on, always, on.fill(power.shape, 1, 'float32'), power);
}
