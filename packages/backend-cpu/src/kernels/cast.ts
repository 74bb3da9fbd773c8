/** From one dtype to another. Typed arrays convert as the contract says: toward zero, and NaN to 0. */
import type { Spec } from '@recurra/core';
import type { Data } from '../buffer.js';

export function cast(x: Data, out: Spec): Data {
  if (out.dtype === 'float32') return new Float32Array(x);
  if (out.dtype === 'int32') return new Int32Array(x);
  const y = new Uint8Array(x.length);
  for (let i = 0; i < y.length; i++) y[i] = x[i] !== 0 ? 1 : 0;
  return y;
}
