/** Metrics are means of a value per sample, weighted: Σ w v / Σ w. */
import type { Tensor } from '@recurra/core';
import { reduceValues, type LossOptions } from '../losses/reduce.js';
import type { Floats } from '../trees.js';

/** What every metric can be told; see `LossOptions`. */
export interface MetricOptions {
  readonly sampleWeight?: Floats | null;
  readonly mask?: Tensor<'bool'> | null;
}

export const metricOptions: readonly string[] = ['sampleWeight', 'mask'];

export function weightedMean(op: string, values: Floats, { sampleWeight, mask }: MetricOptions): Floats {
  const how: LossOptions = {
    sampleWeight: sampleWeight ?? null,
    mask: mask ?? null,
    reduction: 'meanWithSampleWeight',
  };
  return reduceValues(op, values, how);
}
