/** `keras.random.truncated_normal` on the host. */
import { checkOptions } from '../checks.js';
import { checkNormal, checkShape, type Shape } from './check.js';
import { checkFloatType, halfRounding, scaleHalf, type FloatArrays, type FloatType } from './float-types.js';
import { truncatedNormalFloat64 } from './float64.js';
import type { NormalOptions } from './normal.js';
import { streamOf } from './stream.js';
import { truncatedNormalFloat32 } from './truncated-normal-float32.js';

/**
 * Normal random numbers less than two standard deviations from the mean, row-major, bit for bit those of Keras 3.15 on
 * TensorFlow's CPU (float64: see `normal`).
 *
 * @throws ArgumentError for a bad shape or seed, an unknown dtype, a mean or stddev that is not finite, a negative stddev
 */
export function truncatedNormal<D extends FloatType = 'float32'>(
  shape: Shape,
  options: NormalOptions<D> = {},
): FloatArrays[D] {
  checkOptions('truncatedNormal', options, ['mean', 'stddev', 'dtype', 'seed']);
  const { mean = 0, stddev = 1, seed } = options;
  const dtype: FloatType = options.dtype ?? 'float32';
  const size = checkShape('truncatedNormal', shape);
  checkNormal('truncatedNormal', mean, stddev);
  checkFloatType('truncatedNormal', dtype);
  const stream = streamOf('truncatedNormal', seed);
  if (dtype === 'float64') return truncatedNormalFloat64(stream, size, mean, stddev) as FloatArrays[D];
  if (dtype === 'float32') return truncatedNormalFloat32(stream, size, mean, stddev) as FloatArrays[D];
  return scaleHalf(truncatedNormalFloat32(stream, size, 0, 1), halfRounding(dtype), stddev, mean) as FloatArrays[D];
}
