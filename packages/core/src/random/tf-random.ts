/** TensorFlow's own `tf.random.set_seed` and the eager random ops after it. */
import { checkOptions } from '../checks.js';
import { checkNormal, checkRange, checkSeed, checkShape, type Shape } from './check.js';
import { normalFloat32 } from './normal-float32.js';
import type { PhiloxStream } from './philox.js';
import { floorMod } from './seed.js';
import { truncatedNormalFloat32 } from './truncated-normal-float32.js';
import { pythonRandint, pythonTwister } from './twister.js';
import { uniformFloat32 } from './uniform-float32.js';

/** The generator of `tf.random`: what a program drew with TensorFlow's own functions. */
export interface TfRandom {
  normal(shape: Shape, options?: { mean?: number; stddev?: number }): Float32Array;
  truncatedNormal(shape: Shape, options?: { mean?: number; stddev?: number }): Float32Array;
  uniform(shape: Shape, options?: { minval?: number; maxval?: number }): Float32Array;
}

const INT32_MAX = 2147483647;

/**
 * The float32 numbers of `tf.random.normal`, `truncated_normal` and `uniform` in eager mode after
 * `tf.random.set_seed(seed)`, bit for bit those of TensorFlow 2.21 on the CPU. Each call takes the next seed of one
 * sequence, so the order of the calls matters. Ops with a seed of their own and ops inside `tf.function` differ.
 *
 *     const random = tfRandom(42);
 *     random.normal([2, 3]); // 0.327468514…, -0.842625796…, …
 *
 * @throws ArgumentError when the seed is not a whole number; its methods for bad shapes, bounds, means and deviations
 */
export function tfRandom(seed: number): TfRandom {
  checkSeed('tfRandom', seed);
  const opSeeds = pythonTwister(seed);
  const key = floorMod(seed, INT32_MAX);

  // Here the seeds are key and counter themselves: nothing is scrambled.
  const nextStream = (): PhiloxStream => {
    const op = pythonRandint(opSeeds, 0, INT32_MAX) % INT32_MAX;
    // Both zero would mean "unseeded" to the kernels.
    return { key0: key, key1: 0, high0: key === 0 && op === 0 ? INT32_MAX : op, high1: 0 };
  };

  return {
    normal(shape, options = {}) {
      checkOptions('tfRandom.normal', options, ['mean', 'stddev']);
      const { mean = 0, stddev = 1 } = options;
      const size = checkShape('tfRandom.normal', shape);
      checkNormal('tfRandom.normal', mean, stddev);
      return normalFloat32(nextStream(), size, mean, stddev);
    },
    truncatedNormal(shape, options = {}) {
      checkOptions('tfRandom.truncatedNormal', options, ['mean', 'stddev']);
      const { mean = 0, stddev = 1 } = options;
      const size = checkShape('tfRandom.truncatedNormal', shape);
      checkNormal('tfRandom.truncatedNormal', mean, stddev);
      return truncatedNormalFloat32(nextStream(), size, mean, stddev);
    },
    uniform(shape, options = {}) {
      checkOptions('tfRandom.uniform', options, ['minval', 'maxval']);
      const { minval = 0, maxval = 1 } = options;
      const size = checkShape('tfRandom.uniform', shape);
      checkRange('tfRandom.uniform', minval, maxval);
      return uniformFloat32(nextStream(), size, minval, maxval);
    },
  };
}
