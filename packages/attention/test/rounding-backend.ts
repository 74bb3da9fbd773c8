/**
 * A backend for these tests alone, at any of the three precisions: every kernel computes in float64 and rounds its result
 * to float16, float32 or not at all. It has the kernels attention is made of.
 */
import type { Backend, BinaryOp, CompareOp, HostArray, Operand, Shape, Spec, UnaryOp } from '@recurra/core';

interface Handle {
  readonly values: readonly number[];
}
export type Precision = 16 | 32 | 64;

export function roundingBackend(precision: Precision): Backend<Handle> & { live(): number } {
  const alive = new Set<Handle>();
  const round = { 16: toHalf, 32: Math.fround, 64: (x: number) => x }[precision];
  const make = (values: readonly number[], out: Spec): Handle => {
    const size = out.shape.reduce((n, m) => n * m, 1);
    if (values.length !== size) throw new Error(`${values.length} values for [${out.shape.join(', ')}]`);
    const handle = { values: out.dtype === 'float32' ? values.map(round) : [...values] };
    alive.add(handle);
    return handle;
  };
  const valuesOf = (x: Operand<Handle>): readonly number[] => {
    if (!alive.has(x.handle)) throw new Error('a kernel was given a freed handle');
    return x.handle.values;
  };
  /** x's value for each element of out, by NumPy's rule. */
  const broadcast = (x: Operand<Handle>, shape: Shape): number[] => {
    const values = valuesOf(x);
    const strides = stridesOf(x.shape);
    const lead = shape.length - x.shape.length;
    return indices(shape).map(
      (index) => values[strides.reduce((at, s, i) => at + (x.shape[i] === 1 ? 0 : s * index[lead + i]!), 0)]!,
    );
  };
  const readSync = (x: Operand<Handle>): HostArray => {
    const values = valuesOf(x);
    if (x.dtype === 'int32') return Int32Array.from(values);
    if (x.dtype === 'bool') return Uint8Array.from(values);
    return precision === 64 ? Float64Array.from(values) : Float32Array.from(values);
  };
  const missing = (): never => {
    throw new Error('attention does not use this kernel');
  };

  return {
    name: `rounding-${precision}`,
    precision,
    upload: (data, spec) => make(Array.from(data), spec),
    readSync,
    read: async (x) => readSync(x),
    free(handle) {
      if (!alive.delete(handle)) throw new Error('freed twice');
    },
    live: () => alive.size,

    fill: (value, out) => make(Array<number>(out.shape.reduce((n, m) => n * m, 1)).fill(value), out),
    cast: (x, out) =>
      make(
        valuesOf(x).map((v) => (out.dtype === 'bool' ? Number(v !== 0) : out.dtype === 'int32' ? Math.trunc(v) : v)),
        out,
      ),
    unary: (op, x, out) => make(valuesOf(x).map(unary[op] ?? missing), out),
    binary(op, a, b, out) {
      const right = broadcast(b, out.shape);
      return make(
        broadcast(a, out.shape).map((v, i) => (binary[op] ?? missing)(v, right[i]!)),
        out,
      );
    },
    compare(op, a, b, out) {
      const right = broadcast(b, out.shape);
      return make(
        broadcast(a, out.shape).map((v, i) => Number(compare[op](v, right[i]!))),
        out,
      );
    },
    where(cond, a, b, out) {
      const [yes, no] = [broadcast(a, out.shape), broadcast(b, out.shape)];
      return make(
        broadcast(cond, out.shape).map((c, i) => (c === 1 ? yes[i]! : no[i]!)),
        out,
      );
    },
    reduce(op, x, axes, out) {
      const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n));
      const strides = stridesOf(kept);
      const start = { sum: 0, max: -Infinity, min: Infinity }[op];
      const join = { sum: (p: number, q: number) => p + q, max: Math.max, min: Math.min }[op];
      const values = valuesOf(x);
      const totals = Array<number>(kept.reduce((n, m) => n * m, 1)).fill(start);
      indices(x.shape).forEach((index, from) => {
        const to = index.reduce((at, i, axis) => at + (axes.includes(axis) ? 0 : i * strides[axis]!), 0);
        totals[to] = join(totals[to]!, values[from]!);
      });
      return make(totals, out);
    },
    matmul(a, b, { transposeA, transposeB }, out) {
      const lead = out.shape.slice(0, -2);
      const [m, n] = out.shape.slice(-2) as [number, number];
      const k = a.shape[a.shape.length - (transposeA ? 2 : 1)]!;
      const A = broadcast(a, [...lead, ...a.shape.slice(-2)]);
      const B = broadcast(b, [...lead, ...b.shape.slice(-2)]);
      return make(
        indices(out.shape).map((index, flat) => {
          const batch = Math.floor(flat / (m * n));
          const [i, j] = index.slice(-2) as [number, number];
          let total = 0;
          for (let l = 0; l < k; l++) {
            total +=
              A[batch * m * k + (transposeA ? l * m + i : i * k + l)]! *
              B[batch * k * n + (transposeB ? j * k + l : l * n + j)]!;
          }
          return total;
        }),
        out,
      );
    },
    transpose(x, perm, out) {
      const values = valuesOf(x);
      const strides = stridesOf(x.shape);
      return make(
        indices(out.shape).map((index) => values[index.reduce((at, i, axis) => at + i * strides[perm[axis]!]!, 0)]!),
        out,
      );
    },
    slice(x, begin, steps, out) {
      const values = valuesOf(x);
      const strides = stridesOf(x.shape);
      const at = (index: readonly number[]): number =>
        index.reduce((sum, i, axis) => sum + (begin[axis]! + i * steps[axis]!) * strides[axis]!, 0);
      return make(
        indices(out.shape).map((index) => values[at(index)]!),
        out,
      );
    },
    concat(xs, axis, out) {
      const inner = out.shape.slice(axis + 1).reduce((n, m) => n * m, 1);
      const outer = out.shape.slice(0, axis).reduce((n, m) => n * m, 1);
      const values: number[] = [];
      for (let o = 0; o < outer; o++) {
        for (const x of xs)
          values.push(...valuesOf(x).slice(o * x.shape[axis]! * inner, (o + 1) * x.shape[axis]! * inner));
      }
      return make(values, out);
    },
    argReduce: missing,
    gather: missing,
    scatterAdd: missing,
  };
}

const unary: { readonly [O in UnaryOp]?: (x: number) => number } = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  logicalNot: (x) => Number(x === 0),
};
const binary: { readonly [O in BinaryOp]?: (x: number, y: number) => number } = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  maximum: Math.max,
  minimum: Math.min,
  logicalAnd: (x, y) => x & y,
  logicalOr: (x, y) => x | y,
};
const compare: { readonly [O in CompareOp]: (x: number, y: number) => boolean } = {
  equal: (x, y) => x === y,
  less: (x, y) => x < y,
  lessEqual: (x, y) => x <= y,
};

function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((n, m) => n * m, 1));
}

/** Every index of a shape, row-major. */
function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, n) => all.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The nearest float16: 11 bits, ties to even, from 65520 on infinite, in steps of 2⁻²⁴ below 2⁻¹⁴. */
function toHalf(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(x))));
  const step = 2 ** (exponent - 10);
  const scaled = x / step;
  const low = Math.floor(scaled);
  const rest = scaled - low;
  const nearest = rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
  const y = nearest * step;
  return Math.abs(y) > 65504 ? Math.sign(x) * Infinity : y;
}
