/** Layer normalization over the last axis in one call, without rounding in between. */
import type { FusedTable } from '@recurra/core';
import { sizeOf, type WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';

export function layerNorm({ kernels, operand }: Space): FusedTable<WasmBuffer>['layerNorm'] {
  return {
    accepts: () => true,
    run({ shape, epsilon }, [x, scale, offset]) {
      const n = shape.at(-1) ?? 1;
      const y = operand(shape);
      const [g, b] = [scale, offset].map((row) => row?.handle.offset ?? 0) as [number, number];
      if (n > 0) kernels.layerNorm(x.handle.offset, y.handle.offset, sizeOf(shape) / n, n, epsilon, g, b);
      return [y];
    },
  };
}
