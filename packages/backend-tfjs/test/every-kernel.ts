/** Runs every kernel once, over every path that makes intermediates, and frees all it made. */
import type { Operand, Spec, UnaryOp } from '@recurra/core';
import type { TfHandle } from '../src/index.js';
import { float, put, type Tf, type X } from './support.js';

export function everyKernel(on: Tf): void {
  const made: TfHandle[] = [];
  const give = (handle: TfHandle): void => void made.push(handle);
  const upload = (shape: readonly number[], data: readonly number[], dtype?: 'int32' | 'bool'): X => {
    const x = put(on, shape, data, dtype);
    give(x.handle);
    return x;
  };
  const under = (x: X, shape: readonly number[]): Operand<TfHandle> => ({ handle: x.handle, shape, dtype: x.dtype });
  const bits = (shape: readonly number[]): Spec => ({ shape, dtype: 'bool' });

  const x = upload([2, 3], [1, -2, NaN, 0, 5, 0.5]);
  const column = under(upload([2], [3, 4]), [2, 1]);
  const mask = upload([3], [1, 0, 1], 'bool');
  const picks = upload([2, 2], [2, -1, 0, 9], 'int32');

  const floats: readonly UnaryOp[] = [
    ...(['neg', 'abs', 'square', 'sqrt', 'exp', 'expm1', 'log', 'log1p'] as const),
    ...(['erf', 'tanh', 'sigmoid', 'sin', 'cos', 'floor', 'sign'] as const),
  ];
  for (const op of floats) give(on.unary(op, under(x, [3, 2]), float([3, 2])));
  give(on.unary('logicalNot', mask, mask));
  for (const op of ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum'] as const)
    give(on.binary(op, x, column, x));
  for (const op of ['logicalAnd', 'logicalOr'] as const) give(on.binary(op, mask, mask, mask));
  for (const op of ['equal', 'less', 'lessEqual'] as const) give(on.compare(op, x, column, bits([2, 3])));
  give(on.where(mask, x, column, x));
  give(on.where(mask, mask, mask, mask));
  for (const op of ['sum', 'max', 'min'] as const) give(on.reduce(op, x, [0], float([3])));
  give(on.reduce('sum', x, [0, 1], float([1, 1])));
  for (const op of ['argMax', 'argMin'] as const) give(on.argReduce(op, x, 0, { shape: [3], dtype: 'int32' }));
  const pile = upload([2, 1, 3, 1], [1, 2, 3, 4, 5, 6]);
  const one = upload([1, 2, 1, 2], [1, 2, 3, 4]);
  give(on.matmul(pile, one, { transposeA: false, transposeB: false }, float([2, 2, 3, 2])));
  give(on.matmul(x, x, { transposeA: true, transposeB: false }, float([3, 3])));
  give(on.transpose(x, [1, 0], float([3, 2])));
  give(on.transpose(under(x, [6]), [0], float([6])));
  give(on.slice(x, [1, 2], [-1, -2], float([2, 2])));
  give(on.slice(mask, [2], [-1], mask));
  give(on.slice(x, [0, 1], [1, 1], float([2, 2])));
  give(on.concat([x, x], 1, float([2, 6])));
  give(on.concat([x], 1, x));
  give(on.gather(x, picks, 1, float([2, 2, 2])));
  give(on.scatterAdd(upload([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), picks, 1, float([2, 3])));
  give(on.scatterAdd(upload([2, 2, 3], Array.from({ length: 12 }, Number)), picks, 0, float([4, 3])));
  give(on.cast(x, { shape: [2, 3], dtype: 'int32' }));
  give(on.cast(mask, float([3])));
  give(on.cast(x, bits([2, 3])));
  give(on.fill(2, float([4])));
  give(on.fill(2, float([0, 4])));
  made.forEach((handle) => on.free(handle));
}
