/**
 * A backend by other means: every kernel is a call or two of numpy-ts. It uses nothing of Recurra but what is published.
 *
 * numpy-ts gives views and, of a whole reduction, plain numbers; `made` turns both into an array of its own, in C order, of the
 * shape and dtype that core has asked for.
 */
import type { Backend, DType, HostArray, Operand, Spec } from '@recurra/core';
import * as np from 'numpy-ts';

type NDArray = np.NDArray;

/** What core hands around: a box, so that every handle is a fresh object. */
export interface NumpyHandle {
  readonly array: NDArray;
}
type Input = Operand<NumpyHandle>;

const unary: Readonly<Record<string, (x: NDArray) => NDArray>> = {
  neg: np.negative,
  abs: np.absolute,
  square: np.square,
  sqrt: np.sqrt,
  exp: np.exp,
  expm1: np.expm1,
  log: np.log,
  log1p: np.log1p,
  erf,
  tanh: np.tanh,
  sigmoid: (x) => np.reciprocal(np.add(np.exp(np.negative(x)), constant(1, x))),
  sin: np.sin,
  cos: np.cos,
  floor: np.floor,
  sign: np.sign,
  logicalNot: np.logical_not,
};
const binary: Readonly<Record<string, (a: NDArray, b: NDArray) => NDArray>> = {
  add: np.add,
  sub: np.subtract,
  mul: np.multiply,
  div: np.divide,
  pow: np.power,
  maximum: np.maximum,
  minimum: np.minimum,
  logicalAnd: np.logical_and,
  logicalOr: np.logical_or,
};
const compare = { equal: np.equal, less: np.less, lessEqual: np.less_equal };
const reduce = { sum: np.sum, max: np.max, min: np.min };
const argReduce = { argMax: np.argmax, argMin: np.argmin };

/** Recurra on numpy-ts. */
export function numpyTs(): Backend<NumpyHandle> {
  let alive = 0;
  const made = (result: unknown, { shape, dtype }: Spec): NumpyHandle => {
    alive++;
    const array = typeof result === 'object' ? (result as NDArray) : np.array([Number(result)]);
    const own = array.dtype === dtype ? np.copy(array) : array.astype(dtype);
    return { array: np.reshape(np.ascontiguousarray(own), [...shape]) };
  };
  /** Core reshapes by passing the same handle under another shape. */
  const of = ({ handle, shape }: Input): NDArray => np.reshape(handle.array, [...shape]);
  const swapped = (x: NDArray, swap: boolean): NDArray => (swap ? np.swapaxes(x, x.ndim - 2, x.ndim - 1) : x);

  return {
    name: 'numpy-ts',
    precision: 32,
    upload: (data, spec) => made(np.array(Array.from(data), spec.dtype), spec),
    read: async (x) => host(x),
    readSync: (x) => host(x),
    free: () => void alive--,
    live: () => alive,

    fill: (value, out) => made(np.full([...out.shape], value, out.dtype), out),
    cast: (x, out) => made(of(x).astype(out.dtype), out),
    unary: (op, x, out) => made(unary[op]!(of(x)), out),
    binary: (op, a, b, out) => made(binary[op]!(of(a), of(b)), out),
    compare: (op, a, b, out) => made(compare[op](of(a), of(b)), out),
    where: (cond, a, b, out) => made(np.where(of(cond), of(a), of(b)), out),
    reduce: (op, x, axes, out) => made(reduce[op](of(x), [...axes]), out),
    argReduce: (op, x, axis, out) => made(argReduce[op](of(x), axis), out),
    matmul: (a, b, { transposeA, transposeB }, out) =>
      made(np.matmul(swapped(of(a), transposeA), swapped(of(b), transposeB)), out),
    transpose: (x, perm, out) => made(np.transpose(of(x), [...perm]), out),
    slice: (x, begin, strides, out) => made(taken(of(x), begin, strides, out.shape), out),
    concat: (xs, axis, out) => made(np.concatenate(xs.map(of), axis), out),
    gather: (x, indices, axis, out) => made(gathered(of(x), of(indices), axis, out), out),
    scatterAdd: (updates, indices, axis, out) => made(scattered(of(updates), of(indices), axis, out), out),
  };
}

const hosts = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } satisfies Record<DType, unknown>;

function host({ handle, dtype }: Input): HostArray {
  return hosts[dtype].from(handle.array.data as ArrayLike<number>);
}

function constant(value: number, like: NDArray): NDArray {
  return np.full([], value, like.dtype);
}

function numbers(values: readonly number[]): NDArray {
  return np.array([...values], 'int32');
}

/** begin + i·stride along every axis. */
function taken(x: NDArray, begin: readonly number[], strides: readonly number[], shape: readonly number[]): NDArray {
  return shape.reduce(
    (rest, size, axis) =>
      np.take(rest, numbers(Array.from({ length: size }, (_, i) => begin[axis]! + i * strides[axis]!)), axis),
    x,
  );
}

/** An index out of range reads a row of zeros that is put behind the others. */
function gathered(x: NDArray, indices: NDArray, axis: number, out: Spec): NDArray {
  const size = x.shape[axis]!;
  const zeros = np.zeros(
    x.shape.map((n, i) => (i === axis ? 1 : n)),
    x.dtype,
  );
  const rows = Array.from(indices.data as ArrayLike<number>, (i) => (i >= 0 && i < size ? i : size));
  return np.reshape(np.take(np.concatenate([x, zeros], axis), numbers(rows), axis), [...out.shape]);
}

/** The transpose of gather: for every index the sum of the updates that name it. */
function scattered(updates: NDArray, indices: NDArray, axis: number, out: Spec): NDArray {
  const size = out.shape[axis]!;
  const named = Array.from(indices.data as ArrayLike<number>);
  const lead = out.shape.slice(0, axis);
  const rest = out.shape.slice(axis + 1);
  const inFront = np.moveaxis(np.reshape(updates, [...lead, named.length, ...rest]), axis, 0);
  if (size === 0) return np.zeros([...out.shape], out.dtype);
  const sums = Array.from({ length: size }, (_, index) => {
    const rows = named.flatMap((name, row) => (name === index ? [row] : []));
    const sum =
      rows.length === 0 ? np.zeros([...lead, ...rest], out.dtype) : np.sum(np.take(inFront, numbers(rows), 0), 0);
    return np.reshape(typeof sum === 'object' ? (sum as NDArray) : np.array([Number(sum)], out.dtype), [
      1,
      ...lead,
      ...rest,
    ]);
  });
  return np.moveaxis(np.concatenate(sums, 0), 0, axis);
}

/**
 * erf, which numpy-ts lacks: by its series 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)) where |x| < 3, and ±1 beyond 4.
 * In between float32 needs erfc; the continued fraction converges quickly there.
 */
function erf(x: NDArray): NDArray {
  const values = Array.from(x.data as ArrayLike<number>, erfOf);
  return np.reshape(np.array(values, x.dtype), [...x.shape]);
}

function erfOf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 60; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  // erfc(a) = e^(−a²)/√π · 1/(a + ½/(a + 1/(a + 3⁄2/(a + …))))
  let fraction = a;
  for (let n = 40; n > 0; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction);
}
