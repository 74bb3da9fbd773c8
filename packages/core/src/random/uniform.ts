/** `keras.random.uniform` on the host. */
import { checkOptions } from '../checks.js';
import { checkRange, checkShape, type Shape } from './check.js';
import { checkFloatType, halfRounding, scaleHalf, type FloatArrays, type FloatType } from './float-types.js';
import { uniformFloat64 } from './float64.js';
import { philoxWords, type PhiloxStream } from './philox.js';
import type { Seed } from './seed.js';
import { streamOf } from './stream.js';
import { uniformFloat32 } from './uniform-float32.js';

/** Options of `uniform`. */
export interface UniformOptions<D extends FloatType = 'float32'> {
  /** The lower bound, included; 0 by default. */
  minval?: number;
  /** The upper bound, excluded; 1 by default. */
  maxval?: number;
  /** float32 by default. */
  dtype?: D;
  /** Without one, the next of the global generator: see `setRandomSeed`. */
  seed?: Seed | undefined;
}

/**
 * Uniform random numbers, row-major, bit for bit those of Keras 3.15 on TensorFlow's CPU.
 *
 *     uniform([2, 3], { minval: -1, maxval: 1, seed: 42 });
 *
 * @throws ArgumentError for a bad shape or seed, an unknown dtype, and bounds that are not finite or the wrong way round
 */
export function uniform<D extends FloatType = 'float32'>(
  shape: Shape,
  options: UniformOptions<D> = {},
): FloatArrays[D] {
  checkOptions('uniform', options, ['minval', 'maxval', 'dtype', 'seed']);
  const { minval = 0, maxval = 1, seed } = options;
  const dtype: FloatType = options.dtype ?? 'float32';
  const size = checkShape('uniform', shape);
  checkRange('uniform', minval, maxval);
  checkFloatType('uniform', dtype);
  const draw = {
    float32: uniformFloat32,
    float16: half('float16'),
    bfloat16: half('bfloat16'),
    float64: uniformFloat64,
  };
  return draw[dtype](streamOf('uniform', seed), size, minval, maxval) as FloatArrays[D];
}

/** The 16-bit types take as many low bits of each word as their significands store. */
function half(dtype: 'float16' | 'bfloat16') {
  const mask = dtype === 'float16' ? 0x3ff : 0x7f;
  const round = halfRounding(dtype);
  return (stream: PhiloxStream, size: number, minval: number, maxval: number): Float32Array => {
    const units = new Float32Array(
      philoxWords(stream, size)
        .subarray(0, size)
        .map((word) => word & mask),
    );
    return scaleHalf(
      units.map((unit) => unit / (mask + 1)),
      round,
      round(maxval) - round(minval),
      minval,
    );
  };
}
