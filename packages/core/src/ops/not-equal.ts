/** z = a ≠ b, as bool. It has no gradient. */
import { scope } from '../scope.js';
import type { Tensor } from '../tensor.js';
import type { DType } from '../types.js';
import { anything, defineCompare } from './elementwise.js';
import { logicalNot } from './logical-not.js';

const op = /* @__PURE__ */ defineCompare('notEqual', 'equal', anything);

/**
 * Whether a differs from b, element by element, broadcasting; a number stands for a scalar of the other's dtype. NaN
 * differs from everything.
 *
 * @throws DTypeError for operands of two dtypes; ShapeError when they do not broadcast
 */
export function notEqual<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>> | number): Tensor<'bool'>;
export function notEqual<D extends DType>(a: number, b: Tensor<D>): Tensor<'bool'>;
export function notEqual(a: Tensor | number, b: Tensor | number): Tensor<'bool'> {
  return scope(() => logicalNot(op(a, b) as Tensor<'bool'>));
}
