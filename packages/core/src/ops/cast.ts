/** The same numbers in another dtype.   ∂x = g between float32 and float32, else none */
import { checkedDType } from '../create.js';
import { defineOp } from '../define-op.js';
import { DTypeError } from '../errors.js';
import { requireTensor } from '../is-tensor.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { reshape } from './reshape.js';

const op = /* @__PURE__ */ defineOp<{ dtype: DType }>({
  name: 'cast',
  infer: ([x], { dtype }) => ({ shape: x!.shape, dtype }),
  forward: (kernels, [x], _, out) => kernels.cast(x!, out),
});

/**
 * float32 → int32 truncates toward zero; anything → bool is x ≠ 0; bool → number is 0 or 1. To x's own dtype it is the
 * same value under another name: the buffer is shared.
 *
 * @throws DTypeError for a dtype that does not exist
 */
export function cast<D extends DType>(x: Tensor, dtype: D): Tensor<D> {
  requireTensor('cast', 'x', x);
  if (checkedDType('cast', dtype) === undefined)
    throw new DTypeError('cast', 'needs a dtype', {}, "cast(x, 'float32')");
  return (x.dtype === dtype ? reshape(x, x.shape) : op([x], { dtype })) as Tensor<D>;
}
