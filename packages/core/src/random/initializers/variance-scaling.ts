/** Random kernels whose spread shrinks with the size of the layer, and the six presets with names of their own. */
import { checkedFinite, checkedName, checkOptions } from '../../checks.js';
import { ArgumentError } from '../../errors.js';
import { checkShape } from '../check.js';
import { normalFloat32 } from '../normal-float32.js';
import { truncatedNormalFloat32 } from '../truncated-normal-float32.js';
import { uniformFloat32 } from '../uniform-float32.js';
import { fans } from './fans.js';
import { initializerStream, type FanAxes, type Initializer, type SeedOptions } from './initializer.js';

/** The seed, and the axes of a kernel that has several on a side; both kinds or none. */
export interface ScaledOptions extends SeedOptions, Partial<FanAxes> {}

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions extends ScaledOptions {
  /** The variance times the fan; 1 by default. */
  scale?: number;
  /** `fan_in` by default. */
  mode?: 'fan_in' | 'fan_out' | 'fan_avg';
  /** `truncated_normal` by default, which `normal` also means. */
  distribution?: 'uniform' | 'normal' | 'truncated_normal' | 'untruncated_normal';
}

// The standard deviation of a standard normal cut off at ±2.
const TRUNCATED_STDDEV = 0.87962566103423978;

type Scaling = Required<Pick<VarianceScalingOptions, 'scale' | 'mode' | 'distribution'>>;

/** What the names stand for. */
const presets = {
  varianceScaling: { scale: 1, mode: 'fan_in', distribution: 'truncated_normal' },
  glorotUniform: { scale: 1, mode: 'fan_avg', distribution: 'uniform' },
  glorotNormal: { scale: 1, mode: 'fan_avg', distribution: 'truncated_normal' },
  heUniform: { scale: 2, mode: 'fan_in', distribution: 'uniform' },
  heNormal: { scale: 2, mode: 'fan_in', distribution: 'truncated_normal' },
  lecunUniform: { scale: 1, mode: 'fan_in', distribution: 'uniform' },
  lecunNormal: { scale: 1, mode: 'fan_in', distribution: 'truncated_normal' },
} as const satisfies Record<string, Scaling>;

/**
 * Keras's VarianceScaling: mean 0 and variance scale / fan.
 *
 * @throws ArgumentError when the scale is not above 0, mode or distribution is unknown, the seed is not a whole number,
 * or only one of inputAxes and outputAxes is given
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  const op = 'varianceScaling';
  checkOptions(op, options, [...ownOptions, 'scale', 'mode', 'distribution']);
  const defaults = presets[op];
  const { scale = defaults.scale, mode = defaults.mode, distribution = defaults.distribution } = options;
  checkedFinite(op, 'scale', scale);
  if (scale <= 0) throw new ArgumentError(op, 'scale must be above 0', { scale }, 'the variance is scale / fan');
  checkedName(op, 'mode', mode, ['fan_in', 'fan_out', 'fan_avg']);
  checkedName(op, 'distribution', distribution, ['uniform', 'normal', 'truncated_normal', 'untruncated_normal']);
  return scaled(op, { scale, mode, distribution }, options.seed, checkedAxes(op, options));
}

/** Keras's GlorotUniform (Glorot, Bengio 2010): within ±√(6 / (fanIn + fanOut)). Throws as varianceScaling does. */
export function glorotUniform(options: ScaledOptions = {}): Initializer {
  return preset('glorotUniform', options);
}

/** Keras's GlorotNormal: truncated normal, variance 2 / (fanIn + fanOut). Throws as varianceScaling does. */
export function glorotNormal(options: ScaledOptions = {}): Initializer {
  return preset('glorotNormal', options);
}

/** Keras's HeUniform (He et al. 2015): within ±√(6 / fanIn). Throws as varianceScaling does. */
export function heUniform(options: ScaledOptions = {}): Initializer {
  return preset('heUniform', options);
}

/** Keras's HeNormal: truncated normal, variance 2 / fanIn. Throws as varianceScaling does. */
export function heNormal(options: ScaledOptions = {}): Initializer {
  return preset('heNormal', options);
}

/** Keras's LecunUniform: within ±√(3 / fanIn). Throws as varianceScaling does. */
export function lecunUniform(options: ScaledOptions = {}): Initializer {
  return preset('lecunUniform', options);
}

/** Keras's LecunNormal (LeCun et al. 1998): truncated normal, variance 1 / fanIn. Throws as varianceScaling does. */
export function lecunNormal(options: ScaledOptions = {}): Initializer {
  return preset('lecunNormal', options);
}

const ownOptions = ['seed', 'inputAxes', 'outputAxes'];

/** One of the named ones: scale, mode and distribution are not its caller's to choose. */
function preset(op: keyof typeof presets, options: ScaledOptions): Initializer {
  checkOptions(op, options, ownOptions);
  return scaled(op, presets[op], options.seed, checkedAxes(op, options));
}

function checkedAxes(op: string, { inputAxes, outputAxes }: ScaledOptions): FanAxes | undefined {
  // Copies: the caller may go on with theirs. What is no list is refused where it is used.
  const own = (axes: readonly number[]): readonly number[] => (Array.isArray(axes) ? [...(axes as number[])] : axes);
  if (inputAxes !== undefined && outputAxes !== undefined) {
    return { inputAxes: own(inputAxes), outputAxes: own(outputAxes) };
  }
  if (inputAxes === outputAxes) return undefined;
  throw new ArgumentError(op, 'inputAxes and outputAxes go together', { inputAxes, outputAxes }, 'give both or none');
}

/** Made with the defaults, as a name asks for it: there is nothing to check. */
export function scaledByName(op: keyof typeof presets): Initializer {
  return scaled(op, presets[op]);
}

function scaled(op: string, { scale, mode, distribution }: Scaling, seed?: number, own?: FanAxes): Initializer {
  const stream = initializerStream(op, seed);
  return (shape, axes) => {
    const size = checkShape(op, shape);
    const { fanIn, fanOut } = fans(op, shape, own ?? axes);
    const fan = mode === 'fan_in' ? fanIn : mode === 'fan_out' ? fanOut : (fanIn + fanOut) / 2;
    const variance = scale / Math.max(1, fan);
    if (distribution === 'uniform') {
      const limit = Math.sqrt(3 * variance);
      return uniformFloat32(stream, size, -limit, limit);
    }
    if (distribution === 'untruncated_normal') return normalFloat32(stream, size, 0, Math.sqrt(variance));
    return truncatedNormalFloat32(stream, size, 0, Math.sqrt(variance) / TRUNCATED_STDDEV);
  };
}
