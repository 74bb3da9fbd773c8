/**
 * A backend for core's own tests: the fourteen kernels as naive loops over multi-indices, in float64, so that a gradient
 * can be held against differences. It counts what is alive, refuses freed handles, and holds core to the contract.
 */
import type { Backend, BinaryOp, CompareOp, HostArray, Operand, Shape, Spec, UnaryOp } from '../src/index.js';

interface Handle {
  data: HostArray | null;
}
type Index = readonly number[];

const ARRAYS = { float32: Float64Array, int32: Int32Array, bool: Uint8Array };

const UNARY: Record<UnaryOp, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  erf,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sin: Math.sin,
  cos: Math.cos,
  floor: Math.floor,
  sign: Math.sign,
  logicalNot: (x) => 1 - x,
};
const BINARY: Record<BinaryOp, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  maximum: Math.max,
  minimum: Math.min,
  logicalAnd: (a, b) => a & b,
  logicalOr: (a, b) => a | b,
};
const COMPARE: Record<CompareOp, (a: number, b: number) => boolean> = {
  equal: (a, b) => a === b,
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
};

export interface Float64Backend extends Backend<Handle> {
  live(): number;
  readSync(x: Operand<Handle>): HostArray;
}

export function float64Backend(name = 'float64'): Float64Backend {
  const alive = new Set<Handle>();
  const of = (x: Operand<Handle>): HostArray => {
    if (x.handle.data === null) throw new Error('a freed handle reached a kernel');
    return x.handle.data;
  };
  const hold = (data: HostArray): Handle => {
    const handle = { data };
    alive.add(handle);
    return handle;
  };
  /** The element of x at an index of a shape that x broadcasts to. */
  const at = (x: Operand<Handle>, index: Index): number => {
    const shift = index.length - x.shape.length;
    return of(x)[
      offset(
        x.shape,
        x.shape.map((n, i) => (n === 1 ? 0 : index[i + shift]!)),
      )
    ]!;
  };
  const make = (out: Spec, f: (index: Index) => number): Handle => {
    const data = new ARRAYS[out.dtype](size(out.shape));
    each(out.shape, (index, i) => (data[i] = f(index)));
    return hold(data);
  };

  return {
    name,
    precision: 64,
    upload: (data) => hold(data.slice()),
    read: async (x) => of(x).slice(),
    readSync: (x) => of(x).slice(),
    free(handle) {
      if (!alive.delete(handle)) throw new Error('freed twice');
      handle.data = null;
    },
    live: () => alive.size,

    fill: (value, out) => make(out, () => value),
    cast: (x, out) => make(out, (i) => (out.dtype === 'bool' ? Number(at(x, i) !== 0) : at(x, i))),
    unary: (op, x, out) => make(out, (i) => UNARY[op](at(x, i))),
    binary: (op, a, b, out) => make(out, (i) => BINARY[op](at(a, i), at(b, i))),
    compare: (op, a, b, out) => make(out, (i) => Number(COMPARE[op](at(a, i), at(b, i)))),
    where: (cond, a, b, out) => make(out, (i) => (at(cond, i) ? at(a, i) : at(b, i))),
    reduce(op, x, axes, out) {
      if (axes.length === 0 || axes.some((a, i) => i > 0 && a <= axes[i - 1]!)) throw new Error(`axes: ${axes}`);
      const data = new ARRAYS[out.dtype](size(out.shape)).fill(op === 'sum' ? 0 : op === 'max' ? -Infinity : Infinity);
      if (out.dtype === 'int32' && op !== 'sum') data.fill(op === 'max' ? -0x80000000 : 0x7fffffff);
      const f = op === 'sum' ? BINARY.add : op === 'max' ? Math.max : Math.min;
      const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n));
      each(x.shape, (index, i) => {
        const o = offset(
          kept,
          index.map((n, axis) => (axes.includes(axis) ? 0 : n)),
        );
        data[o] = f(data[o]!, of(x)[i]!);
      });
      return hold(data);
    },
    argReduce: (op, x, axis, out) =>
      make(out, (index) => {
        const line = Array.from({ length: x.shape[axis]! }, (_, k) => at(x, index.toSpliced(axis, 0, k)));
        const best = op === 'argMax' ? Math.max(...line) : Math.min(...line);
        return line.findIndex((v) => Object.is(v, best) || v === best);
      }),
    matmul: (a, b, { transposeA, transposeB }, out) =>
      make(out, (index) => {
        const lead = index.slice(0, -2);
        const [i, j] = index.slice(-2) as [number, number];
        let total = 0;
        for (let k = 0; k < a.shape.at(transposeA ? -2 : -1)!; k++) {
          total +=
            at(a, [...lead, ...(transposeA ? [k, i] : [i, k])]) * at(b, [...lead, ...(transposeB ? [j, k] : [k, j])]);
        }
        return total;
      }),
    transpose: (x, perm, out) =>
      make(out, (index) =>
        at(
          x,
          perm.map((_, axis) => index[perm.indexOf(axis)]!),
        ),
      ),
    slice: (x, begin, strides, out) =>
      make(out, (index) =>
        at(
          x,
          index.map((n, i) => begin[i]! + n * strides[i]!),
        ),
      ),
    concat: (xs, axis, out) =>
      make(out, (index) => {
        let k = index[axis]!;
        let which = 0;
        while (k >= xs[which]!.shape[axis]!) k -= xs[which++]!.shape[axis]!;
        return at(xs[which]!, index.with(axis, k));
      }),
    gather: (x, indices, axis, out) =>
      make(out, (index) => {
        const k = at(indices, index.slice(axis, axis + indices.shape.length));
        return k >= 0 && k < x.shape[axis]! ? at(x, index.toSpliced(axis, indices.shape.length, k)) : 0;
      }),
    scatterAdd(updates, indices, axis, out) {
      const data = new ARRAYS[out.dtype](size(out.shape));
      each(updates.shape, (index, i) => {
        const k = at(indices, index.slice(axis, axis + indices.shape.length));
        if (k < 0 || k >= out.shape[axis]!) return;
        data[offset(out.shape, index.toSpliced(axis, indices.shape.length, k))]! += of(updates)[i]!;
      });
      return hold(data);
    },
  };
}

/** Calls f with every index of a shape, in row-major order. */
export function each(shape: Shape, f: (index: Index, i: number) => void): void {
  for (let i = 0; i < size(shape); i++) {
    const index: number[] = [];
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    f(index, i);
  }
}

function offset(shape: Shape, index: Index): number {
  return index.reduce((sum, n, axis) => sum * shape[axis]! + n, 0);
}

function size(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** 2/√π e^(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, a series without cancellation. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
