/**
 * From one value a sample to the loss: mask and sample weights multiply, then a sum or a mean.
 *
 *     wᵢ = sampleWeightᵢ · maskᵢ · n / Σ mask      L = Σ wᵢ vᵢ / n
 *
 * so that the mean goes over what the mask shows. Source: keras.src.losses.loss, Keras 3.15.
 */
import {
  cast,
  checkedFloats,
  checkedName,
  div,
  DTypeError,
  expandDims,
  mul,
  notEqual,
  requireTensor,
  sameShape,
  ShapeError,
  squeeze,
  sum,
  where,
} from '@recurra/core';
import type { Shape, Tensor } from '@recurra/core';
import type { Floats } from '../trees.js';

/**
 * What becomes of the values of the samples: their mean ('sumOverBatchSize' and 'mean' are the same), their sum, their
 * sum divided by that of the weights, or nothing.
 */
export type Reduction = 'sumOverBatchSize' | 'mean' | 'meanWithSampleWeight' | 'sum' | 'none';

const reductions: readonly Reduction[] = ['sumOverBatchSize', 'mean', 'meanWithSampleWeight', 'sum', 'none'];

/** What every loss can be told. A loss has a value for each sample, of the shape of yPred without its last axis. */
export interface LossOptions {
  /** A weight for each value: of the values' shape, or 1 where it repeats along an axis. */
  readonly sampleWeight?: Floats | null;
  /** True where a value counts, of the values' shape. What it hides must be finite, and does not count in a mean. */
  readonly mask?: Tensor<'bool'> | null;
  /** Default 'sumOverBatchSize', the mean. */
  readonly reduction?: Reduction;
}

export const lossOptions: readonly string[] = ['sampleWeight', 'mask', 'reduction'];

/** The loss, from its values and what the caller asked for. */
export function reduceValues(op: string, values: Floats, options: LossOptions): Floats {
  const reduction = checkedName(op, 'reduction', options.reduction ?? 'sumOverBatchSize', reductions);
  const weight = weightOf(op, values.shape, options, reduction === 'sumOverBatchSize' || reduction === 'mean');
  const weighted = weight === null ? values : mul(values, weight);
  if (reduction === 'none') return weighted;
  const total = sum(weighted);
  if (reduction === 'sum') return total;
  if (reduction === 'meanWithSampleWeight' && weight !== null) return ratio(total, sum(weight));
  return div(total, weighted.size === 0 ? 1 : weighted.size);
}

/** a / b, and 0 where b is 0: the mean of nothing. */
export function ratio(a: Floats | number, b: Floats): Floats {
  const some = notEqual(b, 0);
  return where(some, div(a as Floats, where(some, b, 1)), 0);
}

/** Sample weights times the mask, which for a mean is stretched so that its own mean is 1; null where there is neither. */
function weightOf(op: string, shape: Shape, options: LossOptions, mean: boolean): Floats | null {
  const weight = options.sampleWeight == null ? null : checkedWeight(op, options.sampleWeight, shape);
  if (options.mask == null) return weight;
  const shown = cast(checkedMask(op, options.mask, shape), 'float32');
  const share = mean ? mul(shown, ratio(shown.size, sum(shown))) : shown;
  return weight === null ? share : mul(weight, share);
}

/** Weights of the values' rank. An axis of length 1 may be left out, or be too many, at the end: [B] beside [B, 1]. */
export function checkedWeight(op: string, weight: unknown, shape: Shape): Floats {
  const given = checkedFloats(op, 'sampleWeight', weight);
  const last = given.shape[given.rank - 1];
  const x =
    given.rank === shape.length - 1 && shape[shape.length - 1] === 1
      ? expandDims(given, -1)
      : given.rank === shape.length + 1 && last === 1
        ? squeeze(given, -1)
        : given;
  if (x.rank === shape.length && x.shape.every((n, i) => n === 1 || n === shape[i])) return x;
  throw new ShapeError(
    op,
    'sampleWeight does not fit the values',
    { sampleWeight: given.shape, values: shape },
    'one weight a value; expandDims(w, -1) makes [B, 1] of [B], which repeats along time',
  );
}

export function checkedMask(op: string, mask: unknown, shape: Shape): Tensor<'bool'> {
  requireTensor(op, 'mask', mask);
  if (mask.dtype !== 'bool') throw new DTypeError(op, 'mask must be bool', { mask: mask.dtype }, "cast(mask, 'bool')");
  if (sameShape(mask.shape, shape)) return mask as Tensor<'bool'>;
  const facts = { mask: mask.shape, values: shape };
  throw new ShapeError(op, 'mask does not fit the values', facts, 'one entry a value: yPred without its last axis');
}
