/** Every query beside every key: what the scores with a tanh have in common. */
import { add, matmul, reshape } from '@recurra/core';
import type { Floats } from './score.js';

type Sizes3 = readonly [number, number, number];
type Sizes4 = readonly [number, number, number, number];

/** z[i, j] = q[i] + k[j]: q [B, Tq, D], k [B, Tk, D] → [B, Tq, Tk, D]. */
export function sumOfPairs(q: Floats, k: Floats): Floats {
  const [B, Tq, D] = q.shape as Sizes3;
  const [, Tk] = k.shape as Sizes3;
  return add(reshape(q, [B, Tq, 1, D]), reshape(k, [B, 1, Tk, D]));
}

/** e[i, j] = vᵀ z[i, j]: z [B, Tq, Tk, D], v [D] → [B, Tq, Tk], as one product of a matrix of all pairs with a column. */
export function dotEachPair(z: Floats, v: Floats): Floats {
  const [B, Tq, Tk, D] = z.shape as Sizes4;
  return reshape(matmul(reshape(z, [B * Tq * Tk, D]), reshape(v, [D, 1])), [B, Tq, Tk]);
}
