/**
 * LN(x; γ, β) = γ ⊙ (x − mean x) / √(var x + ε) + β, over the last axis
 *
 * Ba et al. 2016; keras.layers.LayerNormalization
 */
import { add, div, mean, mul, scope, sqrt, square, sub } from '@recurra/core';
import type { Floats } from '../cell.js';

export interface Norm {
  /** [features] */
  readonly gamma: Floats;
  /** [features] */
  readonly beta: Floats;
  readonly epsilon: number;
}

/** @returns of x [..., features] the same shape */
export function layerNorm(x: Floats, { gamma, beta, epsilon }: Norm): Floats {
  return scope(() => {
    const centred = sub(x, mean(x, { axis: -1, keepDims: true }));
    const variance = mean(square(centred), { axis: -1, keepDims: true });
    return add(mul(div(centred, sqrt(add(variance, epsilon))), gamma), beta);
  });
}
