/** Every element the same: zeros, ones, constant. */
import { checkOptions } from '../../checks.js';
import { ArgumentError } from '../../errors.js';
import { checkShape } from '../check.js';
import type { Initializer } from './initializer.js';

/** Keras's Zeros. */
export function zerosInitializer(): Initializer {
  return (shape) => new Float32Array(checkShape('zerosInitializer', shape));
}

/** Keras's Ones. */
export function onesInitializer(): Initializer {
  return (shape) => new Float32Array(checkShape('onesInitializer', shape)).fill(1);
}

/**
 * Keras's Constant.
 *
 * @throws ArgumentError when the value is not a number
 */
export function constant(options: { value?: number } = {}): Initializer {
  checkOptions('constant', options, ['value']);
  const { value = 0 } = options;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new ArgumentError('constant', 'value must be a number', { value }, 'constant({ value: 0.5 })');
  }
  return (shape) => new Float32Array(checkShape('constant', shape)).fill(value);
}
