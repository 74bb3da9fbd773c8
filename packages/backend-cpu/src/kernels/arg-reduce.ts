/** Where along an axis the extreme is: the lowest index among equals, and the first NaN if there is one. */
import type { ArgReduceOp, Operand } from '@recurra/core';
import { sizeOf, type CpuBuffer, type Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';

export function argReduce(op: ArgReduceOp, x: Operand<CpuBuffer>, axis: number, { arrays }: Workspace): Data {
  const outer = sizeOf(x.shape.slice(0, axis));
  const n = x.shape[axis]!;
  const inner = sizeOf(x.shape.slice(axis + 1));
  const sign = op === 'argMax' ? 1 : -1;
  const data = x.handle.data;
  const y = arrays.take('int32', outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const first = o * n * inner + j;
      let best = sign * data[first]!;
      let at = 0;
      for (let i = 1; i < n && best === best; i++) {
        const v = sign * data[first + i * inner]!;
        if (v > best || v !== v) {
          best = v;
          at = i;
        }
      }
      y[o * inner + j] = at;
    }
  }
  return y;
}
