/** What argMax and argMin have in common: an int32 index takes the place of an axis. */
import type { ArgReduceOp } from '../backend.js';
import { checkedFlag, checkOptions } from '../checks.js';
import { defineOp } from '../define-op.js';
import { requireTensor } from '../is-tensor.js';
import { scope } from '../scope.js';
import { normalizeAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { numbers, requireDType } from './elementwise.js';
import { keptShape, reducedShape, requireSome } from './reduction.js';
import { reshape } from './reshape.js';

export interface ArgReduceOptions {
  /** Negative ones count from the end. Left out, x is read as one axis of all its elements. */
  readonly axis?: number;
  /** Keep the axis with length 1 (all axes, when none is named). Default false. */
  readonly keepDims?: boolean;
}

export function defineArgReduction(name: ArgReduceOp): (x: Tensor, options: ArgReduceOptions) => Tensor<'int32'> {
  const op = defineOp<{ axis: number }>({
    name,
    infer([x], { axis }) {
      requireDType(name, 'x', x!, numbers);
      requireSome(name, x!, [axis]);
      return { shape: reducedShape(x!.shape, [axis], false), dtype: 'int32' };
    },
    forward: (kernels, [x], { axis }, out) => kernels.argReduce(name, x!, axis, out),
  });
  return (x, options) =>
    scope(() => {
      requireTensor(name, 'x', x);
      checkOptions(name, options, ['axis', 'keepDims']);
      const keepDims = checkedFlag(name, 'keepDims', options.keepDims ?? false);
      const flat = options.axis === undefined;
      const axis = flat ? 0 : normalizeAxis(name, options.axis!, x.rank);
      const index = op([flat ? reshape(x, [x.size]) : x], { axis }) as Tensor<'int32'>;
      if (!keepDims) return index;
      return reshape(index, keptShape(x.shape, flat ? x.shape.map((_, i) => i) : [axis]));
    });
}
