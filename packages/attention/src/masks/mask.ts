/** A mask is a bool tensor, true where attention may go. */
import { cast, less, sum } from '@recurra/core';
import type { Tensor } from '@recurra/core';

export type Mask = Tensor<'bool'>;

/** Whether a query may go anywhere at all: [.., Tq, Tk] → [.., Tq, 1]. */
export function anyAlongKeys(mask: Mask): Mask {
  return less(0, sum(cast(mask, 'float32'), { axis: -1, keepDims: true }));
}
