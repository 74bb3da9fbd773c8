/** e^(mean crossentropy): among how many equally likely classes the choice seems to be */
import { checkOptions, exp, scope } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import {
  crossentropyOfClasses,
  type SparseCategoricalCrossentropyOptions,
} from '../losses/sparse-categorical-crossentropy.js';
import type { Floats } from '../trees.js';

/** Options of `perplexity`: those of the crossentropy it is made of, whose mean is Σ w v / Σ w. */
export type PerplexityOptions = Omit<SparseCategoricalCrossentropyOptions, 'reduction'>;

/**
 * e^H for the mean crossentropy H = Σ w v / Σ w of `sparseCategoricalCrossentropy`: 1 is perfect, C is guessing.
 *
 * @param yTrue [B, …] or [B, …, 1], int32 or whole numbers in float32
 * @param yPred [B, …, C]
 * @returns a scalar
 * @throws as `sparseCategoricalCrossentropy`
 */
export function perplexity(yTrue: Tensor, yPred: Floats, options: PerplexityOptions = {}): Floats {
  const op = 'perplexity';
  checkOptions(op, options, ['sampleWeight', 'mask', 'fromLogits', 'ignoreClass']);
  return scope(() => exp(crossentropyOfClasses(op, yTrue, yPred, { ...options, reduction: 'meanWithSampleWeight' })));
}
