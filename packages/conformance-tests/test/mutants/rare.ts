/** Broken where one seldom looks: at five axes, on numbers that are none, after a thousand calls. */
import type { ReferenceBuffer } from '@recurra/conformance-tests';
import { broken, changed, reading, type BackendMutant } from './broken.js';

const finite = (v: number): number => (Number.isFinite(v) ? v : 0);

export const brokenRarely: readonly BackendMutant[] = [
  broken('transpose leaves a fifth axis where it is', 'kernels/transpose/every-rank', (backend) => ({
    transpose(x, perm, out) {
      if (perm.length < 5) return backend.transpose(x, perm, out);
      return backend.transpose({ ...x, shape: perm.map((_, i) => out.shape[i]!) }, [...perm.keys()], out);
    },
  })),
  broken('slice of five axes runs forwards only', 'kernels/slice/every-rank', (backend) => ({
    slice: (x, begin, strides, out) =>
      backend.slice(
        x,
        begin.map((b, i) => (strides[i]! < 0 && begin.length === 5 ? b + (out.shape[i]! - 1) * strides[i]! : b)),
        begin.length === 5 ? strides.map(Math.abs) : strides,
        out,
      ),
  })),
  broken('where broadcasts its condition no further than four axes', 'kernels/where/every-rank', (backend) => ({
    where(cond, a, b, out) {
      if (out.shape.length < 5 || cond.shape.length === out.shape.length) return backend.where(cond, a, b, out);
      return backend.where({ ...cond, shape: out.shape.map(() => 1) }, a, b, out);
    },
  })),
  broken('a reduction over several of five axes is halved', 'kernels/reduce/every-rank', (backend) => ({
    reduce: (op, x, axes, out) =>
      changed(backend.reduce(op, x, axes, out), (v) => (x.shape.length === 5 && axes.length > 1 ? v / 2 : v)),
  })),
  broken('gather with scalar indices takes the first', 'kernels/gather/indices-of-any-rank', (backend) => ({
    gather: (x, indices, axis, out) =>
      backend.gather(x, indices.shape.length === 0 ? reading(indices, () => 0) : indices, axis, out),
  })),
  ...(['transpose', 'slice', 'gather'] as const).map((name) =>
    broken(`${name} makes finite what is not`, `kernels/${name}/strange-values`, (backend) => ({
      [name]: (...args: unknown[]) => changed((backend[name] as (...all: unknown[]) => never)(...args), finite),
    })),
  ),
  broken('a product of nothing leaves what the memory held', 'kernels/matmul/nothing-to-add-up', (backend) => {
    const left = new Map<number, ReferenceBuffer['data']>();
    return {
      free(handle) {
        left.set(handle.data.length, handle.data);
        backend.free(handle);
      },
      matmul(a, b, options, out) {
        const y = backend.matmul(a, b, options, out);
        const stale = b.shape.at(-2) === 0 ? left.get(y.data.length) : undefined;
        return changed(y, (v, i) => stale?.[i] ?? v);
      },
    };
  }),
  broken(
    'weights are kept as they were read first, whichever way',
    'kernels/matmul/same-weights-both-ways',
    (backend) => {
      const kept = new WeakMap<object, boolean>();
      return {
        matmul(a, b, options, out) {
          if (b.shape.length !== 2 || b.shape[0] !== b.shape[1] || options.transposeA)
            return backend.matmul(a, b, options, out);
          const transposeB = kept.get(b.handle) ?? options.transposeB;
          kept.set(b.handle, transposeB);
          return backend.matmul(a, b, { ...options, transposeB }, out);
        },
      };
    },
  ),
  broken('angles of many turns are reduced at 32 bits', 'kernels/unary/large-angles', (backend) => ({
    unary(op, x, out) {
      if (op !== 'sin' && op !== 'cos') return backend.unary(op, x, out);
      const turn = Math.fround(2 * Math.PI);
      return backend.unary(op, reading(x, (v) => (Math.abs(v) < 1e6 ? v : v - turn * Math.round(v / turn))), out); // prettier-ignore
    },
  })),
  broken('exp gives 0 where it is small', 'kernels/unary/exp-next-to-underflow', (backend) => ({
    unary: (op, x, out) => backend.unary(op, op === 'exp' ? reading(x, (v) => (v < -87 ? -Infinity : v)) : x, out),
  })),
  broken('exp is infinite before its end', 'kernels/unary/exp-next-to-overflow', (backend) => ({
    unary: (op, x, out) => backend.unary(op, op === 'exp' ? reading(x, (v) => (v > 88 ? Infinity : v)) : x, out),
  })),
  broken('scatterAdd loses what comes after a thousand', 'kernels/scatterAdd/many-in-one-place', (backend) => ({
    scatterAdd(updates, indices, axis, out) {
      let i = 0;
      return backend.scatterAdd(updates, reading(indices, (to) => (i++ < 1000 ? to : -1)), axis, out); // prettier-ignore
    },
  })),
];

export const brokenAtLast: readonly BackendMutant[] = [
  broken('every two-thousandth result of a binary op is never freed', 'training/a-thousand-steps', (backend) => {
    let calls = 0;
    return {
      binary(op, a, b, out) {
        if (++calls % 2000 === 0) backend.binary(op, a, b, out);
        return backend.binary(op, a, b, out);
      },
    };
  }),
];
