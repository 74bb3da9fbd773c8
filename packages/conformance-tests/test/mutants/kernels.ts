/** Broken kernels that reduce, multiply and move. */
import { as, broken, changed, reading, type BackendMutant, type X } from './broken.js';

export const brokenKernels: readonly BackendMutant[] = [
  // Reductions
  broken('max starts at 0', 'kernels/reduce/max-of-negatives', (backend) => ({
    reduce: (op, x, axes, out) => changed(backend.reduce(op, x, axes, out), (v) => (op === 'max' ? Math.max(0, v) : v)),
  })),
  broken('max loses NaN', 'kernels/reduce/nan', (backend) => ({
    reduce(op, x, axes, out) {
      if (op === 'sum') return backend.reduce(op, x, axes, out);
      const start = op === 'max' ? -Infinity : Infinity;
      return backend.reduce(
        op,
        reading(x, (v) => (Number.isNaN(v) ? start : v)),
        axes,
        out,
      );
    },
  })),
  broken('int32 max starts at 0', 'kernels/reduce/int32', (backend) => ({
    reduce(op, x, axes, out) {
      const y = backend.reduce(op, x, axes, out);
      return op === 'max' && out.dtype === 'int32' ? changed(y, (v) => Math.max(0, v)) : y;
    },
  })),
  broken('argMax takes the last among equals', 'kernels/argReduce/lowest-among-equals', (backend) => ({
    argReduce(op, x, axis, out) {
      const length = x.shape[axis]!;
      const begin = x.shape.map((n, a) => (a === axis ? n - 1 : 0));
      const back = {
        ...x,
        handle: backend.slice(
          x,
          begin,
          x.shape.map((_, a) => (a === axis ? -1 : 1)),
          x,
        ),
      };
      const y = changed(backend.argReduce(op, back, axis, out), (v) => length - 1 - v);
      backend.free(back.handle);
      return y;
    },
  })),
  broken('argMax passes over NaN', 'kernels/argReduce/first-nan', (backend) => ({
    argReduce(op, x, axis, out) {
      const low = op === 'argMax' ? -Infinity : Infinity;
      return backend.argReduce(
        op,
        reading(x, (v) => (Number.isNaN(v) ? low : v)),
        axis,
        out,
      );
    },
  })),

  // Products
  broken('matmul ignores transposeB', 'kernels/matmul/transpose-b', (backend) => ({
    matmul(a, b, options, out) {
      const square = b.shape.at(-1) === b.shape.at(-2);
      return backend.matmul(a, b, { ...options, transposeB: options.transposeB && !square }, out);
    },
  })),
  broken('matmul reads a transposed operand as if it were laid out', 'kernels/matmul/transpose-a', (backend) => ({
    matmul(a, b, options, out) {
      const swapped = [...a.shape.slice(0, -2), a.shape.at(-1)!, a.shape.at(-2)!];
      return backend.matmul(options.transposeA ? as(a, swapped) : a, b, { ...options, transposeA: false }, out);
    },
  })),
  broken('matmul skips zeros', 'kernels/matmul/nan-and-infinity', (backend) => ({
    matmul: (a, b, options, out) =>
      backend.matmul(
        a,
        reading(b, (v) => (Number.isFinite(v) ? v : 0)),
        options,
        out,
      ),
  })),
  broken('a batch uses its first matrix', 'kernels/matmul/batched', (backend) => ({
    matmul(a, b, options, out) {
      const first = (x: X): X => ({ ...x, shape: x.shape.slice(-2) });
      return backend.matmul(a, out.shape.length === 3 ? first(b) : b, options, out);
    },
  })),

  // Places
  broken('transpose takes perm the other way round', 'kernels/transpose/three-axes', (backend) => ({
    transpose: (x, perm, out) =>
      backend.transpose(
        x,
        perm.map((_, axis) => perm.indexOf(axis)),
        out,
      ),
  })),
  broken('slice ignores where it begins', 'kernels/slice/begin', (backend) => ({
    slice: (x, begin, steps, out) =>
      backend.slice(
        x,
        begin.map((b, axis) => (steps[axis]! > 0 ? 0 : b)),
        steps,
        out,
      ),
  })),
  broken('slice ignores its strides', 'kernels/slice/strides', (backend) => ({
    slice: (x, begin, steps, out) =>
      backend.slice(
        x,
        begin,
        steps.map((s) => Math.sign(s)),
        out,
      ),
  })),
  broken('slice runs forwards only', 'kernels/slice/negative-strides', (backend) => ({
    slice(x, begin, steps, out) {
      const first = begin.map((b, axis) => (steps[axis]! < 0 ? b + (out.shape[axis]! - 1) * steps[axis]! : b));
      return backend.slice(x, first, steps.map(Math.abs), out);
    },
  })),
  broken('concat swaps the first two', 'kernels/concat/axes', (backend) => ({
    concat: ([a, b, ...rest], axis, out) => backend.concat(b ? [b, a!, ...rest] : [a!], axis, out),
  })),
  broken('gather is off by one', 'kernels/gather/rows', (backend) => ({
    gather: (x, indices, axis, out) =>
      backend.gather(
        x,
        reading(indices, (i) => i + 1),
        axis,
        out,
      ),
  })),
  broken('gather clamps what is out of range', 'kernels/gather/out-of-range', (backend) => ({
    gather: (x, indices, axis, out) =>
      backend.gather(
        x,
        reading(indices, (i) => Math.max(0, Math.min(x.shape[axis]! - 1, i))),
        axis,
        out,
      ),
  })),
  broken('scatterAdd overwrites', 'kernels/scatterAdd/same-place', (backend) => ({
    scatterAdd(updates, indices, axis, out) {
      const y = backend.scatterAdd(updates, indices, axis, out);
      if (axis !== 0 || indices.shape.length !== 1) return y;
      const row = updates.shape.slice(1).reduce((product, n) => product * n, 1);
      indices.handle.data.forEach((to, i) => {
        if (to >= 0 && to < out.shape[0]!) y.data.set(updates.handle.data.slice(i * row, (i + 1) * row), to * row);
      });
      return y;
    },
  })),
];
