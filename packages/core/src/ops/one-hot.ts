/** y[…, k] = 1 where the index is k, else 0. It has no gradient. */
import { tensor } from '../create.js';
import { guarded } from '../gate.js';
import { requireTensor } from '../is-tensor.js';
import { scope } from '../scope.js';
import { checkedSize, normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { requireDType } from './elementwise.js';
import { equal } from './equal.js';
import { expandDims } from './expand-dims.js';

/**
 * The axes of `indices` with one of `depth` classes put at `axis` (by default last), as float32. An index that is
 * negative or too large gives zeros.
 *
 * @throws DTypeError unless indices are int32; ShapeError for a depth that is no length, or an axis the result does not
 * have
 */
export function oneHot(indices: Tensor<'int32'>, depth: number, axis = -1): Tensor<'float32'> {
  requireTensor('oneHot', 'indices', indices);
  requireDType('oneHot', 'indices', indices, ['int32']);
  checkedSize('oneHot', [depth]);
  const at = normalizeAxis('oneHot', axis, indices.rank + 1);
  return scope(() => {
    const classes = guarded('oneHot', indices.backend, () => new Int32Array(depth).map((_, k) => k));
    const shape = [depth, ...indices.shape.slice(at).map(() => 1)];
    return cast(equal(expandDims(indices, at), tensor(classes, shape, { backend: indices.backend })), 'float32');
  });
}
