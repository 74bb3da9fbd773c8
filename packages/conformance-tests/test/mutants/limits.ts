/** Kernels that stop too early, take a short cut around IEEE 754, or read more than they were given. */
import { broken, changed, reading, type BackendMutant } from './broken.js';

/** Nothing beyond so many results. */
const first = (most: number) => (v: number, i: number) => (i < most ? v : 0);

export const brokenLimits: readonly BackendMutant[] = [
  broken('matmul stops after 65,535 results', 'kernels/matmul/three-hundred-rows-and-columns', (backend) => ({
    matmul: (a, b, options, out) => changed(backend.matmul(a, b, options, out), first(65535)),
  })),
  broken('matmul adds up 1,024 terms at most', 'kernels/matmul/two-thousand-terms', (backend) => ({
    matmul(a, b, options, out) {
      const k = a.shape.at(options.transposeA ? -2 : -1)!;
      const plain = !options.transposeA && !options.transposeB && a.shape.length === 2 && b.shape.length === 2;
      if (!plain || k <= 1024) return backend.matmul(a, b, options, out);
      let at = 0;
      const kept = reading(a, (v) => (at++ % k < 1024 ? v : 0));
      return backend.matmul(kept, b, options, out);
    },
  })),
  broken('functions stop after 65,536 numbers', 'kernels/unary/many', (backend) => ({
    unary: (op, x, out) => changed(backend.unary(op, x, out), first(65536)),
  })),
  broken('binary stops after 65,536 numbers', 'kernels/binary/many', (backend) => ({
    binary: (op, a, b, out) => changed(backend.binary(op, a, b, out), first(65536)),
  })),
  broken('reductions stop after 65,536 numbers', 'kernels/reduce/many', (backend) => ({
    reduce(op, x, axes, out) {
      let at = 0;
      const start = op === 'sum' ? 0 : op === 'max' ? -Infinity : Infinity;
      return backend.reduce(
        op,
        reading(x, (v) => (at++ < 65536 ? v : start)),
        axes,
        out,
      );
    },
  })),
  broken('gather stops after 65,536 numbers', 'kernels/gather/many', (backend) => ({
    gather: (x, indices, axis, out) => changed(backend.gather(x, indices, axis, out), first(65536)),
  })),
  broken('min starts at the largest int32', 'kernels/reduce/starts-beyond-every-number', (backend) => ({
    reduce(op, x, axes, out) {
      const y = backend.reduce(op, x, axes, out);
      return op === 'min' ? changed(y, (v) => Math.min(v, 2147483647)) : y;
    },
  })),
  broken('0 times anything is 0', 'kernels/binary/zero-times-infinity', (backend) => ({
    binary(op, a, b, out) {
      if (op !== 'mul' || String(a.shape) !== String(b.shape)) return backend.binary(op, a, b, out);
      const [p, q] = [a.handle.data, b.handle.data];
      return changed(backend.binary(op, a, b, out), (v, i) => (p[i] === 0 || q[i] === 0 ? 0 : v));
    },
  })),
  broken('x − x is 0', 'kernels/binary/an-operand-with-itself', (backend) => ({
    binary(op, a, b, out) {
      const y = backend.binary(op, a, b, out);
      return op === 'sub' && a.handle === b.handle ? changed(y, () => 0) : y;
    },
  })),
  broken('anything is equal to itself', 'kernels/binary/an-operand-with-itself', (backend) => ({
    compare(op, a, b, out) {
      const y = backend.compare(op, a, b, out);
      return op === 'equal' && a.handle === b.handle ? changed(y, () => 1) : y;
    },
  })),
  broken('NaN to the 0 is NaN', 'kernels/binary/pow-of-anything-to-the-0', (backend) => ({
    binary(op, a, b, out) {
      const x = a.handle.data;
      const y = backend.binary(op, a, b, out);
      return op === 'pow' && a.shape.length > 0 ? changed(y, (v, i) => (Number.isNaN(x[i]) ? NaN : v)) : y;
    },
  })),
  broken('neg loses the sign of 0', 'kernels/binary/negative-zero', (backend) => ({
    unary(op, x, out) {
      const y = backend.unary(op, x, out);
      return op === 'neg' ? changed(y, (v) => v + 0) : y;
    },
  })),
  broken('sigmoid is 0 below −30', 'kernels/unary/sigmoid-far-below', (backend) => ({
    unary(op, x, out) {
      const numbers = x.handle.data;
      const y = backend.unary(op, x, out);
      return op === 'sigmoid' ? changed(y, (v, i) => (numbers[i]! < -30 ? 0 : v)) : y;
    },
  })),
  broken('expm1 is −1 below −10', 'kernels/unary/expm1-tails', (backend) => ({
    unary(op, x, out) {
      const numbers = x.handle.data;
      const y = backend.unary(op, x, out);
      return op === 'expm1' ? changed(y, (v, i) => (numbers[i]! < -10 ? -1 : v)) : y;
    },
  })),
  broken('log clamps below 1e-30', 'kernels/unary/log-next-to-underflow', (backend) => ({
    unary(op, x, out) {
      return backend.unary(op, op === 'log' ? reading(x, (v) => (v > 0 && v < 1e-30 ? 1e-30 : v)) : x, out);
    },
  })),
  broken('upload ignores where a window begins', 'storage/part-of-an-array', (backend) => ({
    upload(data, spec) {
      const whole = new (data.constructor as Float32ArrayConstructor)(data.buffer as ArrayBuffer, 0, data.length);
      return backend.upload(whole, spec);
    },
  })),
  broken(
    'gather takes rows that are not there from old memory',
    'kernels/gather/out-of-range-in-used-memory',
    (backend) => ({
      gather(x, indices, axis, out) {
        const y = backend.gather(x, indices, axis, out);
        const outside = indices.handle.data.some((i) => i < 0 || i >= x.shape[axis]!);
        return outside && out.shape.length === 1 ? changed(y, (v) => (v === 0 ? 7 : v)) : y;
      },
    }),
  ),
];
