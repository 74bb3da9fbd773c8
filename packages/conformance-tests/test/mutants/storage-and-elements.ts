/** Broken storage, and broken kernels that work element by element. */
import type { ReferenceBuffer } from '@recurra/conformance-tests';
import type { HostArray } from '@recurra/core';
import { as, broken, changed, type BackendMutant, type X } from './broken.js';

export const brokenStorage: readonly BackendMutant[] = [
  // Storage
  broken('upload keeps the array of the caller', 'storage/upload-copies', () => ({
    upload: (data: HostArray) => ({ data }) as ReferenceBuffer,
    free: () => undefined,
    live: undefined,
  })),
  broken('read hands out its own buffer', 'storage/read-copies', () => ({
    read: async (x: X) => x.handle.data as HostArray,
  })),
  broken('float64 is rounded to float32', 'storage/precision-64', ({ upload }) => ({
    upload: (data, spec) => changed(upload(data, spec), spec.dtype === 'float32' ? Math.fround : (v) => v),
  })),
  broken('free frees nothing', 'contract/kernels-do-not-wait', () => ({ free: () => undefined })),
  broken('a scratch buffer leaks', 'kernels/reduce/last-axis', (backend) => ({
    reduce(op, x, axes, out) {
      backend.fill(0, out);
      return backend.reduce(op, x, axes, out);
    },
  })),
  broken('an input is overwritten', 'kernels/unary/exp', (backend) => ({
    unary(op, x, out) {
      if (op === 'exp') changed(x.handle, Math.exp);
      return backend.unary(op === 'exp' ? 'abs' : op, x, out);
    },
  })),
  broken('a cast to its own dtype returns its input', 'kernels/cast/to-itself', (backend) => ({
    cast: (x, out) => (x.dtype === out.dtype ? x.handle : backend.cast(x, out)),
  })),
  broken('concat of one returns its input', 'kernels/concat/one', (backend) => ({
    concat: (xs, axis, out) => (xs.length === 1 ? xs[0]!.handle : backend.concat(xs, axis, out)),
  })),

  // Element by element
  broken('a cast to int32 rounds', 'kernels/cast/float32-to-int32', (backend) => ({
    cast(x, out) {
      const cast = backend.cast(x, out);
      return out.dtype === 'int32' ? changed(cast, (_, i) => Math.round(x.handle.data[i]!)) : cast;
    },
  })),
  broken('a cast to bool keeps a byte', 'kernels/cast/float32-to-bool', (backend) => ({
    cast(x, out) {
      const cast = backend.cast(x, out);
      return out.dtype === 'bool' ? changed(cast, (_, i) => x.handle.data[i]! & 255) : cast;
    },
  })),
  broken('floor truncates', 'kernels/unary/floor', (backend) => ({
    unary(op, x, out) {
      const y = backend.unary(op, x, out);
      return op === 'floor' ? changed(y, (_, i) => Math.trunc(x.handle.data[i]!)) : y;
    },
  })),
  broken('expm1 is exp minus 1', 'kernels/unary/expm1-relative', (backend) => ({
    unary(op, x, out) {
      const y = backend.unary(op, x, out);
      return op === 'expm1' ? changed(y, (_, i) => Math.exp(x.handle.data[i]!) - 1) : y;
    },
  })),
  broken('tanh is accurate to 1e-9 only', 'kernels/unary/tanh', (backend) => ({
    unary(op, x, out) {
      const y = backend.unary(op, x, out);
      return op === 'tanh' ? changed(y, (v) => v * (1 + 1e-9)) : y;
    },
  })),
  broken('sigmoid overflows', 'kernels/unary/limits', (backend) => ({
    unary(op, x, out) {
      const y = backend.unary(op, x, out);
      return op === 'sigmoid'
        ? changed(y, (_, i) => Math.exp(x.handle.data[i]!) / (1 + Math.exp(x.handle.data[i]!)))
        : y;
    },
  })),
  broken('sub takes its sides the other way round', 'kernels/binary/sub', (backend) => ({
    binary: (op, a, b, out) => (op === 'sub' ? backend.binary(op, b, a, out) : backend.binary(op, a, b, out)),
  })),
  broken('maximum loses NaN', 'kernels/binary/nan-in-maximum', (backend) => ({
    binary(op, a, b, out) {
      const y = backend.binary(op, a, b, out);
      if (op !== 'maximum' || a.shape.join() !== b.shape.join()) return y;
      return changed(y, (_, i) => (a.handle.data[i]! > b.handle.data[i]! ? a.handle.data[i]! : b.handle.data[i]!));
    },
  })),
  broken('broadcasting aligns at the first axis', 'kernels/binary/broadcast-square', (backend) => ({
    binary(op, a, b, out) {
      // Where both ends fit, the wrong one.
      const misread = b.shape.length === 1 && out.shape.length === 2 && b.shape[0] === out.shape[0];
      return backend.binary(op, a, misread ? as(b, [b.shape[0]!, 1]) : b, out);
    },
  })),
  broken('less is lessEqual', 'kernels/compare/float32', (backend) => ({
    compare: (op, a, b, out) => backend.compare(op === 'less' ? 'lessEqual' : op, a, b, out),
  })),
  broken('NaN equals NaN', 'kernels/compare/nan', (backend) => ({
    compare(op, a, b, out) {
      const y = backend.compare(op, a, b, out);
      if (op !== 'equal' || a.shape.join() !== b.shape.join()) return y;
      return changed(y, (v, i) => (Object.is(a.handle.data[i], b.handle.data[i]) ? 1 : v));
    },
  })),
  broken('where multiplies', 'kernels/where/nan-not-chosen', (backend) => ({
    where(cond, a, b, out) {
      const y = backend.where(cond, a, b, out);
      if (![cond, a, b].every((x) => x.shape.join() === out.shape.join())) return y;
      const [c, p, q] = [cond.handle.data, a.handle.data, b.handle.data];
      return changed(y, (_, i) => c[i]! * p[i]! + (1 - c[i]!) * q[i]!);
    },
  })),
];
