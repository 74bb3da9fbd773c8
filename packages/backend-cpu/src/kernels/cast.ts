/** From one dtype to another. Typed arrays convert as the contract says: toward zero, and NaN to 0. */
import type { Spec } from '@recurra/core';
import type { Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';

export function cast(x: Data, out: Spec, { arrays }: Workspace): Data {
  const y = arrays.take(out.dtype, x.length);
  if (out.dtype === 'bool') for (let i = 0; i < y.length; i++) y[i] = x[i] !== 0 ? 1 : 0;
  else y.set(x);
  return y;
}
