/** Keras's dropout as a mask to multiply with: 0 with probability `rate`, else 1/(1 − rate). */
import { ArgumentError } from '../errors.js';
import { checkShape, type Shape } from './check.js';
import { checkedPair, kerasStream, type Seed } from './seed.js';
import { uniformFloat32 } from './uniform-float32.js';

/**
 * The mask of one draw, row-major, bit for bit what Keras 3.15 on TensorFlow's CPU multiplies ones with.
 *
 *     dropoutMask([seed, draw], [2, 8], 0.5);
 *
 * @param seed the pair that a `SeedGenerator` gives; draw counts from 0
 * @param rate the fraction to drop; 0 keeps everything, 1 nothing, both without a draw
 * @throws ArgumentError for a bad shape or seed, or a rate outside [0, 1]
 */
export function dropoutMask(seed: Seed, shape: Shape, rate: number): Float32Array {
  const size = checkShape('dropoutMask', shape);
  const pair = checkedPair('dropoutMask', seed);
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
    throw new ArgumentError(
      'dropoutMask',
      'rate must be from 0 to 1',
      { rate },
      'the fraction to drop, for example 0.2',
    );
  }
  if (rate === 0) return new Float32Array(size).fill(1);
  if (rate === 1) return new Float32Array(size);
  const mask = uniformFloat32(kerasStream(pair), size, 0, 1);
  const threshold = Math.fround(rate);
  const scale = 1 / (1 - rate);
  for (let i = 0; i < size; i++) mask[i] = mask[i]! >= threshold ? scale : 0;
  return mask;
}
