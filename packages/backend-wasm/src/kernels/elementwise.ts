/** Element by element: unary functions, and pairs and triples that broadcast. */
import type { BinaryOp, CompareOp, Operand, Spec, UnaryOp } from '@recurra/core';
import { broadcast, planes, type Steps } from '../broadcast.js';
import { shiftOf, type WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';

type X = Operand<WasmBuffer>;

// The places are the numbers that the module knows them by.
const unaries: readonly UnaryOp[] = [
  'neg', 'abs', 'square', 'sqrt', 'floor', 'sign', 'exp', 'expm1', 'log', 'log1p', 'erf', 'tanh', 'sigmoid', 'sin', 'cos',
]; // prettier-ignore
const floats: readonly BinaryOp[] = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'];
const ints: readonly BinaryOp[] = ['add', 'sub', 'mul', 'maximum', 'minimum'];
const compares: readonly CompareOp[] = ['equal', 'less', 'lessEqual'];

export function unary({ kernels, make }: Space, op: UnaryOp, x: X, out: Spec): WasmBuffer {
  const y = make(out);
  const { offset, size } = x.handle;
  if (op === 'logicalNot') kernels.logicalNot(offset, y.offset, size);
  else if (x.dtype === 'float32') kernels.unaryFloat(unaries.indexOf(op), offset, y.offset, size);
  else kernels.unaryInt(op === 'sign' ? 3 : unaries.indexOf(op), offset, y.offset, size);
  return y;
}

type Loop = (op: number, m: number, n: number, a: number, da: number, ea: number, b: number, db: number, eb: number, z: number) => void; // prettier-ignore

export function binary({ kernels, make }: Space, op: BinaryOp, a: X, b: X, out: Spec): WasmBuffer {
  const z = make(out);
  if (op === 'pow') pairs((_, ...rest) => kernels.power(...rest), 0, a, b, z, out);
  else if (out.dtype === 'bool') pairs(kernels.binaryBool, op === 'logicalAnd' ? 0 : 1, a, b, z, out);
  else pairs(kernels.binary, out.dtype === 'int32' ? 6 + ints.indexOf(op) : floats.indexOf(op), a, b, z, out);
  return z;
}

export function compare({ kernels, make }: Space, op: CompareOp, a: X, b: X, out: Spec): WasmBuffer {
  const z = make(out);
  if (a.dtype === 'bool') pairs(kernels.binaryBool, 2, a, b, z, out);
  else pairs(a.dtype === 'int32' ? kernels.compareInt : kernels.compareFloat, compares.indexOf(op), a, b, z, out);
  return z;
}

/** The planes of two operands that broadcast to `out`; one row where both are whole or scalar. */
function pairs(loop: Loop, op: number, a: X, b: X, z: WasmBuffer, out: Spec): void {
  const [p, q] = [a.handle, b.handle];
  if ((p.size === z.size || p.size === 1) && (q.size === z.size || q.size === 1)) {
    loop(op, 1, z.size, p.offset, 0, p.size === 1 ? 0 : 1, q.offset, 0, q.size === 1 ? 0 : 1, z.offset);
    return;
  }
  const from = shiftOf(a.dtype);
  const to = shiftOf(out.dtype);
  planes(out.shape, [broadcast(a.shape, out.shape), broadcast(b.shape, out.shape)], (m, n, steps, at, starts) => {
    const [u, v] = steps as [Steps, Steps];
    const [i, j] = starts.map((start) => start << from) as [number, number];
    loop(op, m, n, p.offset + i, u.row, u.element, q.offset + j, v.row, v.element, z.offset + (at << to));
  });
}

export function where({ kernels, make }: Space, cond: X, a: X, b: X, out: Spec): WasmBuffer {
  const z = make(out);
  const shift = shiftOf(out.dtype);
  const loop = shift === 0 ? kernels.where8 : kernels.where32;
  const offsets = [cond, a, b].map((x) => x.handle.offset);
  const own = [cond, a, b].map((x) => broadcast(x.shape, out.shape));
  planes(
    out.shape,
    own,
    (m, n, [c, u, v], at, [k, i, j]) =>
    loop(
      m, n, offsets[0]! + k!, c!.row, c!.element, offsets[1]! + (i! << shift), u!.row, u!.element,
      offsets[2]! + (j! << shift), v!.row, v!.element, z.offset + (at << shift),
    ), // prettier-ignore
  );
  return z;
}
