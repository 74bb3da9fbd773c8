/**
 * m ← m + (g − m)(1 − β₁)   v ← v + (g² − v)(1 − β₂)   α = η √(1 − β₂ᵗ) / (1 − β₁ᵗ)   w ← w − α m / (√v + ε)
 */
import { add, checkedFlag, div, maximum, mul, sqrt, square, sub } from '@recurra/core';
import { wholePower } from '../host-numbers.js';
import { checkedNonNegative } from '../schedules/schedule.js';
import { defineOptimizer, type Optimizer } from './optimizer.js';
import { checkedFraction, commonOptions, type OptimizerOptions } from './options.js';

/** Options of `adam`. `learningRate` is 0.001 by default. */
export interface AdamOptions extends OptimizerOptions {
  /** β₁: how much of the mean of gradients is kept. Default 0.9. */
  readonly beta1?: number;
  /** β₂: how much of the mean of their squares is kept. Default 0.999. */
  readonly beta2?: number;
  /** ε, which keeps the step finite. Default 1e-7. */
  readonly epsilon?: number;
  /** Divide by the greatest v there ever was. Default false. */
  readonly amsgrad?: boolean;
}

/**
 * Adam: steps along the mean of gradients, divided by the root of the mean of their squares.
 *
 *     m ← m + (g − m)(1 − β₁)      v ← v + (g² − v)(1 − β₂)
 *     w ← w − η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
 *
 * With `amsgrad`, v̂ ← max(v̂, v) stands in place of v. As in Keras, ε is added to the root of v before its bias is
 * corrected ("epsilon hat" of Kingma and Ba).
 *
 * Source: keras.optimizers.Adam, Keras 3.15; Kingma and Ba 2014; Reddi 2018.
 * @throws ArgumentError for an option that is unknown or out of range
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamNamed('adam', options, {});
}

/** Adam under this name, with this default of the weight decay. */
export function adamNamed(name: string, options: AdamOptions, defaults: { readonly weightDecay?: number }): Optimizer {
  const own = ['beta1', 'beta2', 'epsilon', 'amsgrad'];
  const common = commonOptions(name, options, own, { learningRate: 0.001, ...defaults });
  const beta1 = checkedFraction(name, 'beta1', options.beta1 ?? 0.9);
  const beta2 = checkedFraction(name, 'beta2', options.beta2 ?? 0.999);
  const epsilon = checkedNonNegative(name, 'epsilon', options.epsilon ?? 1e-7);
  const amsgrad = checkedFlag(name, 'amsgrad', options.amsgrad ?? false);
  const slots = { momentum: 0, velocity: 0, ...(amsgrad && { velocityHat: 0 }) };
  return defineOptimizer(name, common, slots, ({ gradient, variable, slots: held, learningRate, step, round }) => {
    const { momentum, velocity, velocityHat } = held;
    const power = (beta: number): number => round(wholePower(round(beta), step));
    const root = round(Math.sqrt(round(1 - power(beta2))));
    const alpha = round(round(learningRate * root) / round(1 - power(beta1)));
    const m = add(momentum!, mul(sub(gradient, momentum!), 1 - beta1));
    const v = add(velocity!, mul(sub(square(gradient), velocity!), 1 - beta2));
    const hat = velocityHat === undefined ? null : maximum(velocityHat, v);
    const move = div(mul(m, alpha), add(sqrt(hat ?? v), epsilon));
    return { variable: sub(variable, move), slots: { momentum: m, velocity: v, ...(hat && { velocityHat: hat }) } };
  });
}
