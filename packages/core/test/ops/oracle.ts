/** What a value should be, computed element by element from its definition, and how it is compared. */
import { expect } from 'vitest';
import { isTensor, type Shape, type Tensor } from '../../src/index.js';
import { operand } from '../../src/tensor.js';
import { each, type Float64Backend } from '../float64-backend.js';

/** All numbers of a tensor, as the float64 backend keeps them. */
export function numbersOf(x: Tensor): number[] {
  return [...(x.backend as Float64Backend).readSync(operand(x, 'numbersOf') as never)];
}

/** An element of x by its index, as a number. */
export function reader(x: Tensor): (...index: number[]) => number {
  const numbers = numbersOf(x);
  return (...index) => numbers[index.reduce((sum, n, axis) => sum * x.shape[axis]! + n, 0)]!;
}

/** Shape and numbers of y, against a function of the index: the same bits, or within 1e-12 when `close`. */
export function expectElements(y: Tensor, shape: Shape, f: (...index: number[]) => number, close = false): void {
  expect(y.shape).toEqual(shape);
  const found = numbersOf(y);
  each(shape, (index, i) => expectNumber(found[i]!, f(...index), close ? 1e-12 : 0, `[${index.join(', ')}]`));
}

/** Object.is, or near: relative and absolute. */
export function expectNumber(found: number, expected: number, tolerance: number, where = ''): void {
  const near = Math.abs(found - expected) <= tolerance * (1 + Math.abs(expected));
  if (!Object.is(found, expected) && !near) {
    expect.fail(`${where} is ${Object.is(found, -0) ? '-0' : found}, not ${Object.is(expected, -0) ? '-0' : expected}`);
  }
}

/** The tensors of a result that may be one or several. */
export function listed(result: Tensor | Tensor[]): Tensor[] {
  return isTensor(result) ? [result] : result;
}

/** The shape that two shapes broadcast to, and the index into each of them for an index of it. */
export function broadcast(
  a: Shape,
  b: Shape,
): { shape: Shape; into: (of: Shape, index: readonly number[]) => number[] } {
  const rank = Math.max(a.length, b.length);
  const padded = [a, b].map((shape) => [...Array.from({ length: rank - shape.length }, () => 1), ...shape]);
  return {
    shape: padded[0]!.map((n, i) => (n === 1 ? padded[1]![i]! : n)),
    into: (of, index) => of.map((n, i) => (n === 1 ? 0 : index[i + rank - of.length]!)),
  };
}
