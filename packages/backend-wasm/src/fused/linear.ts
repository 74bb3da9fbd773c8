/** activation(x · kernel + bias): the product, whose panels are kept with the kernel, then both others in its place. */
import type { FusedTable } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import { matmul } from '../kernels/matmul.js';
import type { Space } from '../space.js';
import { activationOf, known } from './activations.js';
import { four } from './weights.js';

export function linear(space: Space): FusedTable<WasmBuffer>['linear'] {
  const { kernels } = space;
  return {
    accepts: ({ activation }) => known(activation),
    run({ rows, units, activation }, [x, kernel, bias]) {
      const out = { shape: [rows, units], dtype: 'float32' } as const;
      const y = matmul(space, x, kernel, { transposeA: false, transposeB: false }, out);
      const at = y.offset;
      if (bias && y.size > 0) kernels.binary(0, rows, units, at, units, 1, bias.handle.offset, 0, 1, at);
      // Whole lanes: a buffer has room for them.
      kernels.activate(activationOf(activation), at, 0, at, 0, 1, four(y.size));
      return [{ handle: y, ...out }];
    },
  };
}
