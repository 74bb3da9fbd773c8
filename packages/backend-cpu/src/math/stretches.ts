/** x[i] = f(x[i]) for from ≤ i < to. A loop for each function: one that calls what it is given takes twice as long. */
import { erfAt } from './erf.js';
import { expAt } from './exp.js';
import { expm1At } from './expm1.js';
import { log1pAt } from './log1p.js';
import { logAt } from './log.js';
import { sigmoidAt } from './sigmoid.js';
import { tanhAt } from './tanh.js';

export type Stretch = (x: Float64Array, from: number, to: number) => void;

export function tanh(x: Float64Array, i: number, to: number): void {
  for (; i < to; i++) tanhAt(x, i);
}

export function sigmoid(x: Float64Array, i: number, to: number): void {
  for (; i < to; i++) sigmoidAt(x, i);
}

/* prettier-ignore */
export const stretches = {
  exp: (x, i, to) => { for (; i < to; i++) expAt(x, i); },
  expm1: (x, i, to) => { for (; i < to; i++) expm1At(x, i); },
  log: (x, i, to) => { for (; i < to; i++) logAt(x, i); },
  log1p: (x, i, to) => { for (; i < to; i++) log1pAt(x, i); },
  erf: (x, i, to) => { for (; i < to; i++) erfAt(x, i); },
  tanh,
  sigmoid,
} satisfies Record<string, Stretch>;
