/** The initializers that draw without looking at the shape: randomUniform, randomNormal, truncatedNormalInitializer. */
import { checkOptions } from '../../checks.js';
import { checkNormal, checkRange, checkShape } from '../check.js';
import { normalFloat32 } from '../normal-float32.js';
import { truncatedNormalFloat32 } from '../truncated-normal-float32.js';
import { uniformFloat32 } from '../uniform-float32.js';
import { initializerStream, type Initializer, type SeedOptions } from './initializer.js';

export interface RandomUniformOptions extends SeedOptions {
  /** −0.05 by default. */
  minval?: number;
  /** 0.05 by default. */
  maxval?: number;
}

export interface RandomNormalOptions extends SeedOptions {
  /** 0 by default. */
  mean?: number;
  /** 0.05 by default. */
  stddev?: number;
}

/**
 * Keras's RandomUniform: from minval to maxval.
 *
 * @throws ArgumentError for bounds that are not finite or the wrong way round, or a seed that is not a whole number
 */
export function randomUniform(options: RandomUniformOptions = {}): Initializer {
  checkOptions('randomUniform', options, ['minval', 'maxval', 'seed']);
  const { minval = -0.05, maxval = 0.05, seed } = options;
  checkRange('randomUniform', minval, maxval);
  const stream = initializerStream('randomUniform', seed);
  return (shape) => uniformFloat32(stream, checkShape('randomUniform', shape), minval, maxval);
}

/**
 * Keras's RandomNormal.
 *
 * @throws ArgumentError for a mean or stddev that is not finite, a negative stddev, or a seed that is not a whole number
 */
export function randomNormal(options: RandomNormalOptions = {}): Initializer {
  checkOptions('randomNormal', options, ['mean', 'stddev', 'seed']);
  const { mean = 0, stddev = 0.05, seed } = options;
  checkNormal('randomNormal', mean, stddev);
  const stream = initializerStream('randomNormal', seed);
  return (shape) => normalFloat32(stream, checkShape('randomNormal', shape), mean, stddev);
}

/**
 * Keras's TruncatedNormal: normal numbers less than two standard deviations from the mean.
 *
 * @throws ArgumentError for a mean or stddev that is not finite, a negative stddev, or a seed that is not a whole number
 */
export function truncatedNormalInitializer(options: RandomNormalOptions = {}): Initializer {
  checkOptions('truncatedNormal', options, ['mean', 'stddev', 'seed']);
  const { mean = 0, stddev = 0.05, seed } = options;
  checkNormal('truncatedNormalInitializer', mean, stddev);
  const stream = initializerStream('truncatedNormalInitializer', seed);
  return (shape) => truncatedNormalFloat32(stream, checkShape('truncatedNormalInitializer', shape), mean, stddev);
}
