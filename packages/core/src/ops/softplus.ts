/** y = ln(1 + eˣ) = max(x, 0) + ln(1 + e^(−|x|)), which does not overflow   ∂x = g·σ(x) */
import { customGradient } from '../custom-gradient.js';
import type { Tensor } from '../tensor.js';
import { abs } from './abs.js';
import { add } from './add.js';
import { exp } from './exp.js';
import { log1p } from './log1p.js';
import { maximum } from './maximum.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { sigmoid } from './sigmoid.js';

/** Smooth rectifier, element by element. @throws DTypeError unless x is float32 */
export function softplus(x: Tensor<'float32'>): Tensor<'float32'> {
  return customGradient(
    'softplus',
    x,
    () => add(maximum(x, 0), log1p(exp(neg(abs(x))))),
    (g, _, held) => mul(g, sigmoid(held)),
  );
}
