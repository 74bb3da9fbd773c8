/** Ones on the diagonal of a matrix, square or not. */
import { checkedFinite, checkOptions } from '../../checks.js';
import { ArgumentError } from '../../errors.js';
import { checkShape } from '../check.js';
import type { Initializer } from './initializer.js';

/**
 * Keras's Identity, times `gain`.
 *
 * @throws ArgumentError when the gain is not finite; its initializer when the shape is not a matrix
 */
export function identity(options: { gain?: number } = {}): Initializer {
  checkOptions('identity', options, ['gain']);
  const { gain = 1 } = options;
  checkedFinite('identity', 'gain', gain);
  return (shape) => {
    const size = checkShape('identity', shape);
    if (shape.length !== 2)
      throw new ArgumentError('identity', 'the shape must be a matrix', { shape }, 'for example [4, 4]');
    const [rows, columns] = shape as readonly [number, number];
    // Keras multiplies zeros too: a negative gain leaves −0 beside the diagonal.
    const out = new Float32Array(size).fill(gain < 0 ? -0 : 0);
    for (let i = 0; i < rows && i < columns; i++) out[i * columns + i] = gain;
    return out;
  };
}
