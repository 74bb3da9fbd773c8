/** The initializers that draw without looking at the shape: randomUniform, randomNormal, truncatedNormalInitializer. */
import { checkOptions } from '../../checks.js';
import { checkNormal, checkRange, checkShape } from '../check.js';
import { normalFloat32 } from '../normal-float32.js';
import type { PhiloxStream } from '../philox.js';
import { truncatedNormalFloat32 } from '../truncated-normal-float32.js';
import { uniformFloat32 } from '../uniform-float32.js';
import { initializerStream, type Initializer, type SeedOptions } from './initializer.js';

/** Options of `randomUniform`. */
export interface RandomUniformOptions extends SeedOptions {
  /** −0.05 by default. */
  minval?: number;
  /** 0.05 by default. */
  maxval?: number;
}

/** Options of `randomNormal` and `truncatedNormalInitializer`. */
export interface RandomNormalOptions extends SeedOptions {
  /** 0 by default. */
  mean?: number;
  /** 0.05 by default. */
  stddev?: number;
}

/** The bounds and the standard deviation, unless others are given. */
const SPREAD = 0.05;

/**
 * Keras's RandomUniform: from minval to maxval.
 *
 * @throws ArgumentError for bounds that are not finite or the wrong way round, or a seed that is not a whole number
 */
export function randomUniform(options: RandomUniformOptions = {}): Initializer {
  checkOptions('randomUniform', options, ['minval', 'maxval', 'seed']);
  const { minval = -SPREAD, maxval = SPREAD, seed } = options;
  checkRange('randomUniform', minval, maxval);
  return drawing('randomUniform', uniformFloat32, minval, maxval, seed);
}

/**
 * Keras's RandomNormal.
 *
 * @throws ArgumentError for a mean or stddev that is not finite, a negative stddev, or a seed that is not a whole number
 */
export function randomNormal(options: RandomNormalOptions = {}): Initializer {
  checkOptions('randomNormal', options, ['mean', 'stddev', 'seed']);
  const { mean = 0, stddev = SPREAD, seed } = options;
  checkNormal('randomNormal', mean, stddev);
  return drawing('randomNormal', normalFloat32, mean, stddev, seed);
}

/**
 * Keras's TruncatedNormal: normal numbers less than two standard deviations from the mean.
 *
 * @throws ArgumentError for a mean or stddev that is not finite, a negative stddev, or a seed that is not a whole number
 */
export function truncatedNormalInitializer(options: RandomNormalOptions = {}): Initializer {
  checkOptions('truncatedNormalInitializer', options, ['mean', 'stddev', 'seed']);
  const { mean = 0, stddev = SPREAD, seed } = options;
  checkNormal('truncatedNormalInitializer', mean, stddev);
  return drawing('truncatedNormalInitializer', truncatedNormalFloat32, mean, stddev, seed);
}

/** Made with the defaults, as a name asks for it: there is nothing to check. */
export const randomByName = {
  randomUniform: () => drawing('randomUniform', uniformFloat32, -SPREAD, SPREAD),
  randomNormal: () => drawing('randomNormal', normalFloat32, 0, SPREAD),
  truncatedNormal: () => drawing('truncatedNormalInitializer', truncatedNormalFloat32, 0, SPREAD),
};

type Draw = (stream: PhiloxStream, size: number, a: number, b: number) => Float32Array;

function drawing(op: string, draw: Draw, a: number, b: number, seed?: number): Initializer {
  const stream = initializerStream(op, seed);
  return (shape) => draw(stream, checkShape(op, shape), a, b);
}
