/** `keras.random.normal` on the host. */
import { checkOptions } from '../checks.js';
import { checkNormal, checkShape, type Shape } from './check.js';
import { checkFloatType, halfRounding, scaleHalf, type FloatArrays, type FloatType } from './float-types.js';
import { normalFloat64 } from './float64.js';
import { normalFloat32 } from './normal-float32.js';
import type { Seed } from './seed.js';
import { streamOf } from './stream.js';

/** Options of `normal` and `truncatedNormal`. */
export interface NormalOptions<D extends FloatType = 'float32'> {
  /** 0 by default. */
  mean?: number;
  /** 1 by default. */
  stddev?: number;
  /** float32 by default. */
  dtype?: D;
  /** Without one, the next of the global generator: see `setRandomSeed`. */
  seed?: Seed | undefined;
}

/**
 * Normal random numbers, row-major, bit for bit those of Keras 3.15 on TensorFlow's CPU. In float64 about four in a
 * thousand differ in their last bits: logarithm and sine are rounded there by this package, not by the C library.
 *
 *     normal([2, 3], { mean: 0, stddev: 0.05, seed: 42 });
 *
 * @throws ArgumentError for a bad shape or seed, an unknown dtype, a mean or stddev that is not finite, a negative stddev
 */
export function normal<D extends FloatType = 'float32'>(shape: Shape, options: NormalOptions<D> = {}): FloatArrays[D] {
  checkOptions('normal', options, ['mean', 'stddev', 'dtype', 'seed']);
  const { mean = 0, stddev = 1, seed } = options;
  const dtype: FloatType = options.dtype ?? 'float32';
  const size = checkShape('normal', shape);
  checkNormal('normal', mean, stddev);
  checkFloatType('normal', dtype);
  const stream = streamOf('normal', seed);
  if (dtype === 'float64') return normalFloat64(stream, size, mean, stddev) as FloatArrays[D];
  if (dtype === 'float32') return normalFloat32(stream, size, mean, stddev) as FloatArrays[D];
  return scaleHalf(normalFloat32(stream, size, 0, 1), halfRounding(dtype), stddev, mean) as FloatArrays[D];
}
