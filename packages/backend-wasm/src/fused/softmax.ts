/** Softmax over the last axis in one call. */
import type { FusedTable } from '@recurra/core';
import { sizeOf, type WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';

export function softmax(space: Space): FusedTable<WasmBuffer>['softmax'] {
  return {
    accepts: () => true,
    run({ shape }, [x]) {
      const n = shape.at(-1) ?? 1;
      const e = space.scratch(n * 8);
      const y = space.operand(shape);
      const size = sizeOf(shape);
      if (size > 0) space.kernels.softmax(x.handle.offset, y.handle.offset, size / n, n, e);
      return [y];
    },
  };
}
