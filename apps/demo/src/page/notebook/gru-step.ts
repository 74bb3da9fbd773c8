/** One step of Keras's GRU, which resets after the product. The page shows these lines as they are. */
import { add, matmul, mul, sigmoid, split, sub, tanh } from '@recurra/core';
import type { Floats } from '@recurra/cells';
import type { State, Weights } from './weights.js';

type Seen = Record<'z' | 'r' | 'ĥ' | 'h', Floats>;

export function gruStep(x_t: Floats, { h }: State, { W, U, b, b_ }: Weights): Seen {
  const [x_z, x_r, x_h] = split(add(matmul(x_t, W), b), 3, -1);
  const [h_z, h_r, h_h] = split(add(matmul(h, U), b_), 3, -1);
  const z_t = sigmoid(add(x_z, h_z));
  const r_t = sigmoid(add(x_r, h_r));
  const ĥ_t = tanh(add(x_h, mul(r_t, h_h)));
  const h_t = add(mul(z_t, h), mul(sub(1, z_t), ĥ_t));
  return { z: z_t, r: r_t, ĥ: ĥ_t, h: h_t };
}
