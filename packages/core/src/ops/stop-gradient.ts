/** y = x, as a constant: tapes do not see where it came from.   ∂x = 0 */
import { defineOp } from '../define-op.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';

const op = /* @__PURE__ */ defineOp<void>({
  name: 'stopGradient',
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
});

/** The same value, sharing the buffer, through which no gradient flows. */
export function stopGradient<D extends DType>(x: Tensor<D>): Tensor<D> {
  return op([x]) as Tensor<D>;
}
