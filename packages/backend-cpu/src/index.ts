/** @recurra/backend-cpu: plain TypeScript, no dependency, runs everywhere, and the accurate one. */
import { ArgumentError, checkedFlag, checkOptions } from '@recurra/core';
import type { Backend } from '@recurra/core';
import type { CpuBuffer, Data } from './buffer.js';
import type { CpuGradients } from './fused/gradients.js';
import { fusedKernels } from './fused/index.js';
import { argReduce } from './kernels/arg-reduce.js';
import { binary } from './kernels/binary.js';
import { cast } from './kernels/cast.js';
import { compare } from './kernels/compare.js';
import { concat } from './kernels/concat.js';
import { fill } from './kernels/fill.js';
import { gather } from './kernels/gather.js';
import { matmul } from './kernels/matmul.js';
import { reduce } from './kernels/reduce.js';
import { scatterAdd } from './kernels/scatter-add.js';
import { slice } from './kernels/slice.js';
import { transpose } from './kernels/transpose.js';
import { unary } from './kernels/unary.js';
import { where } from './kernels/where.js';
import { workspace } from './workspace.js';

export type { CpuBuffer } from './buffer.js';
export { gradients, type CpuGradients } from './fused/gradients.js';

/** Options of `cpu`. */
export interface CpuOptions {
  /** Whether whole recurrences and softmax run in one call. Default true; false composes them from ops. */
  readonly fused?: boolean;
  /**
   * The export `gradients`, for training: whole recurrences run in one call while a tape records, and back in another.
   * Default: gradients compose from ops. Without fused kernels it has nothing to do.
   */
  readonly gradients?: CpuGradients;
}

/**
 * A backend of typed arrays on the calling thread.
 *
 *     await useBackend(cpu());
 *
 * @throws ArgumentError for an unknown option, for `fused` that is neither true nor false, and for `gradients` that are not
 * this package's
 */
export function cpu(options: CpuOptions = {}): Backend<CpuBuffer> {
  checkOptions('cpu', options, ['fused', 'gradients']);
  const fused = checkedFlag('cpu', 'fused', options.fused ?? true);
  const { gradients } = options;
  if (gradients !== undefined && typeof gradients?.recurrent !== 'function') {
    throw new ArgumentError('cpu', 'gradients must be the export of that name', { gradients }, 'cpu({ gradients })');
  }
  const space = workspace();
  const { arrays, packed, scratch } = space;
  let alive = 0;
  const hold = (data: Data): CpuBuffer => {
    alive++;
    return { data };
  };
  return {
    name: 'cpu',
    precision: 32,
    ...(fused && { fused: fusedKernels(hold, space, gradients) }),
    upload(data, { dtype }) {
      const copy = arrays.take(dtype, data.length);
      copy.set(data);
      return hold(copy);
    },
    read: async (x) => x.handle.data.slice(),
    readSync: (x) => x.handle.data.slice(),
    free(handle) {
      alive--;
      packed.forget(handle);
      arrays.give(handle.data);
    },
    live: () => alive,
    dispose() {
      for (const kept of [arrays, packed, scratch]) kept.clear();
    },

    fill: (value, out) => hold(fill(value, out, space)),
    cast: (x, out) => hold(cast(x.handle.data, out, space)),
    unary: (op, x, out) => hold(unary(op, x.handle.data, out, space)),
    binary: (op, a, b, out) => hold(binary(op, a, b, out, space)),
    compare: (op, a, b, out) => hold(compare(op, a, b, out, space)),
    where: (cond, a, b, out) => hold(where(cond, a, b, out, space)),
    reduce: (op, x, axes, out) => hold(reduce(op, x, axes, out, space)),
    argReduce: (op, x, axis) => hold(argReduce(op, x, axis, space)),
    matmul: (a, b, how, out) => hold(matmul(a, b, how, out, space)),
    transpose: (x, perm, out) => hold(transpose(x, perm, out, space)),
    slice: (x, begin, strides, out) => hold(slice(x, begin, strides, out, space)),
    concat: (xs, axis, out) => hold(concat(xs, axis, out, space)),
    gather: (x, indices, axis, out) => hold(gather(x, indices, axis, out, space)),
    scatterAdd: (updates, indices, axis, out) => hold(scatterAdd(updates, indices, axis, out, space)),
  };
}
