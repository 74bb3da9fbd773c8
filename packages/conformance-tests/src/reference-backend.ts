/**
 * A backend that is as plain as it can be: float64 numbers, one loop, no speed. It is what other backends are measured
 * against, and the template for writing one: copy this file, make it yours kernel by kernel, and let the suite tell you
 * which promises it keeps.
 *
 * Everything hangs on one idea. An element of a dense row-major buffer sits at Σ indexᵢ·strideᵢ, where the stride of an
 * axis is the number of elements in one step along it. Broadcasting is a stride of 0, transposing is a permutation of
 * strides, slicing is an offset and other strides. So most kernels are: for each output element, find the inputs' places.
 */
import type { Backend, BinaryOp, CompareOp, HostArray, Operand, ReduceOp, Shape, Spec, UnaryOp } from '@recurra/core';
import { erf } from './erf.js';

/** A handle is any object of ours; core never looks inside. A fresh one for every result. */
export interface ReferenceBuffer {
  readonly data: Numbers;
}
type Numbers = Float64Array | Int32Array | Uint8Array;
type X = Operand<ReferenceBuffer>;

/** A slow backend in float64 that keeps every promise: to compare with, and to begin one of your own from. */
export function referenceBackend(): Backend<ReferenceBuffer> {
  let live = 0;
  /** Every result goes through here, so that `live` counts it. */
  const made = (data: Numbers): ReferenceBuffer => {
    live++;
    return { data };
  };
  /** A result computed element by element: `at` gets each output element's number and its index along every axis. */
  const each = (out: Spec, at: (position: number, index: readonly number[]) => number): ReferenceBuffer => {
    const data = allocate(out);
    forEachIndex(out.shape, (index, position) => {
      data[position] = at(position, index);
    });
    return made(data);
  };

  return {
    name: 'reference',
    // Our float32 tensors hold float64 numbers, and travel as Float64Arrays. A usual backend says 32.
    precision: 64,

    // Getting data in and out. Copies in both directions: neither side may see the other's writes.
    upload: (data) => made(data.slice() as Numbers),
    read: async (x) => x.handle.data.slice() as HostArray,
    readSync: (x) => x.handle.data.slice() as HostArray,
    // JavaScript's collector frees the memory; a device would free it here. The suite counts with `live`.
    free: () => {
      live--;
    },
    live: () => live,

    fill: (value, out) => made(allocate(out).fill(value)),

    cast(x, out) {
      // An Int32Array truncates toward zero by itself; a Uint8Array would wrap 256 to 0, so bool is decided here.
      const to = out.dtype === 'bool' ? (v: number) => Number(v !== 0) : (v: number) => v;
      return each(out, (i) => to(x.handle.data[i]!));
    },

    unary: (op, x, out) => each(out, (i) => unary[op](x.handle.data[i]!)),

    // Broadcasting: an axis of length 1 gets stride 0, so its one element is read again and again.
    binary: (op, a, b, out) => each(out, (_, index) => binary[op](broadcast(a, index), broadcast(b, index))),
    compare: (op, a, b, out) => each(out, (_, index) => Number(compare[op](broadcast(a, index), broadcast(b, index)))),
    where: (cond, a, b, out) =>
      // Chosen, not multiplied: 0·NaN would be NaN.
      each(out, (_, index) => (broadcast(cond, index) ? broadcast(a, index) : broadcast(b, index))),

    reduce(op, x, axes, out) {
      const [start, combine] = reductions[op];
      // Integers have no infinity: there the lowest and the highest take its place.
      const held = out.dtype === 'float32' ? start : Math.max(-2147483648, Math.min(2147483647, start));
      const data = allocate(out).fill(held);
      // With reduced axes at stride 0, every x[index] finds the one result it belongs to.
      const strides = stridesOf(x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)));
      forEachIndex(x.shape, (index, position) => {
        const to = place(
          index.map((i, axis) => (axes.includes(axis) ? 0 : i)),
          strides,
        );
        data[to] = combine(data[to]!, x.handle.data[position]!);
      });
      return made(data);
    },

    argReduce(op, x, axis, out) {
      const best: (number | undefined)[] = [];
      const data = allocate(out);
      const strides = stridesOf(x.shape.map((n, a) => (a === axis ? 1 : n)));
      forEachIndex(x.shape, (index, position) => {
        const to = place(
          index.map((i, a) => (a === axis ? 0 : i)),
          strides,
        );
        const v = x.handle.data[position]!;
        const leader = best[to];
        // A later element must be truly better: the lowest index wins among equals, and the first NaN wins for good.
        const better =
          leader === undefined ||
          (!Number.isNaN(leader) && (Number.isNaN(v) || (op === 'argMax' ? v > leader : v < leader)));
        if (!better) return;
        best[to] = v;
        data[to] = index[axis]!;
      });
      return made(data);
    },

    matmul(a, b, { transposeA, transposeB }, out) {
      const inner = a.shape[a.shape.length - (transposeA ? 2 : 1)]!;
      return each(out, (_, index) => {
        const lead = index.slice(0, -2);
        const [row, column] = index.slice(-2) as [number, number];
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const left = broadcast(a, [...lead, ...(transposeA ? [k, row] : [row, k])], 2);
          const right = broadcast(b, [...lead, ...(transposeB ? [column, k] : [k, column])], 2);
          sum += left * right;
        }
        return sum;
      });
    },

    transpose(x, perm, out) {
      const strides = stridesOf(x.shape);
      // Axis i of out walks along axis perm[i] of x.
      const walk = perm.map((axis) => strides[axis]!);
      return each(out, (_, index) => x.handle.data[place(index, walk)]!);
    },

    slice(x, begin, strides, out) {
      const steps = stridesOf(x.shape);
      const first = place(begin, steps);
      const walk = steps.map((step, axis) => step * strides[axis]!);
      return each(out, (_, index) => x.handle.data[first + place(index, walk)]!);
    },

    concat(xs, axis, out) {
      // Which input owns a position along the axis, and where that input begins.
      const owners = xs.flatMap((x, i) => {
        const begin = xs.slice(0, i).reduce((sum, y) => sum + y.shape[axis]!, 0);
        return Array.from({ length: x.shape[axis]! }, () => ({ x, begin }));
      });
      return each(out, (_, index) => {
        const { x, begin } = owners[index[axis]!]!;
        return x.handle.data[
          place(
            index.map((i, a) => (a === axis ? i - begin : i)),
            stridesOf(x.shape),
          )
        ]!;
      });
    },

    gather(x, indices, axis, out) {
      const rank = indices.shape.length;
      return each(out, (_, index) => {
        const i = indices.handle.data[place(index.slice(axis, axis + rank), stridesOf(indices.shape))]!;
        if (i < 0 || i >= x.shape[axis]!) return 0;
        return x.handle.data[place([...index.slice(0, axis), i, ...index.slice(axis + rank)], stridesOf(x.shape))]!;
      });
    },

    scatterAdd(updates, indices, axis, out) {
      const data = allocate(out);
      const rank = indices.shape.length;
      const strides = stridesOf(out.shape);
      forEachIndex(updates.shape, (index, position) => {
        const i = indices.handle.data[place(index.slice(axis, axis + rank), stridesOf(indices.shape))]!;
        if (i < 0 || i >= out.shape[axis]!) return;
        data[place([...index.slice(0, axis), i, ...index.slice(axis + rank)], strides)]! +=
          updates.handle.data[position]!;
      });
      return made(data);
    },
  };
}

const unary: Readonly<Record<UnaryOp, (x: number) => number>> = {
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
  logicalNot: (x) => Number(x === 0),
};

const binary: Readonly<Record<BinaryOp, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  // C's pow: 1 to any power is 1, (−1)^±∞ too.
  pow: (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b),
  // Unlike `a > b ? a : b`, these hand NaN on.
  maximum: Math.max,
  minimum: Math.min,
  logicalAnd: (a, b) => a & b,
  logicalOr: (a, b) => a | b,
};

const compare: Readonly<Record<CompareOp, (a: number, b: number) => boolean>> = {
  equal: (a, b) => a === b,
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
};

/** Where a reduction starts, and how it takes the next element in. A max that starts at 0 is wrong below 0. */
const reductions: Readonly<Record<ReduceOp, readonly [start: number, combine: (a: number, b: number) => number]>> = {
  sum: [0, (a, b) => a + b],
  max: [-Infinity, Math.max],
  min: [Infinity, Math.min],
};

/** A buffer of zeros for a result. */
function allocate({ shape, dtype }: Spec): Numbers {
  const size = shape.reduce((product, n) => product * n, 1);
  if (dtype === 'float32') return new Float64Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/** How many elements one step along each axis passes: [12, 4, 1] for shape [2, 3, 4]. */
function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

function place(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
}

/** x at an index of a larger shape: aligned at the last axis, lengths of 1 repeat. `exact` last axes do not. */
function broadcast(x: X, index: readonly number[], exact = 0): number {
  const shift = index.length - x.shape.length;
  const own = x.shape.map((n, axis) => (n === 1 && axis < x.shape.length - exact ? 0 : index[axis + shift]!));
  return x.handle.data[place(own, stridesOf(x.shape))]!;
}

/** Counts through a shape like an odometer; a scalar has one element, a shape with a 0 none. */
function forEachIndex(shape: Shape, visit: (index: readonly number[], position: number) => void): void {
  const size = shape.reduce((product, n) => product * n, 1);
  const index = shape.map(() => 0);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}
