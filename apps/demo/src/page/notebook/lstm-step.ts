/** One step of Keras's LSTM. The page shows these lines as they are. */
import { add, matmul, mul, sigmoid, split, tanh } from '@recurra/core';
import type { Floats } from '@recurra/cells';
import type { State, Weights } from './weights.js';

type Seen = Record<'i' | 'f' | 'g' | 'o' | 'c' | 'h', Floats>;

export function lstmStep(x_t: Floats, { h, c }: State, { W, U, b }: Weights): Seen {
  const [z_i, z_f, z_g, z_o] = split(add(add(matmul(x_t, W), b), matmul(h, U)), 4, -1);
  const i_t = sigmoid(z_i);
  const f_t = sigmoid(z_f);
  const g_t = tanh(z_g);
  const o_t = sigmoid(z_o);
  const c_t = add(mul(f_t, c), mul(i_t, g_t));
  const h_t = mul(o_t, tanh(c_t));
  return { i: i_t, f: f_t, g: g_t, o: o_t, c: c_t, h: h_t };
}
