/** What a case compares with: its failures carry the numbers, so that a report can show them. */
import { isTensor, RecurraError, type Tensor } from '@recurra/core';
import type { Expected, Nested, Numbers, Sameable, Testing } from './case.js';
import { fractionUsed, tolerance } from './tolerance.js';

/** What was compared, when it differed. */
export interface Difference {
  readonly shape: readonly number[];
  readonly expected: readonly unknown[];
  readonly actual: readonly unknown[];
}

export class Mismatch extends Error {
  readonly difference: Difference | undefined;
  constructor(message: string, difference?: Difference) {
    super(message);
    this.name = 'Mismatch';
    this.difference = difference;
  }
}

/** How much of the tolerance a case used, over all it compared. */
export interface Usage {
  worst: number;
  comparisons: number;
}

export function comparisons(precision: 16 | 32 | 64, usage: Usage): Omit<Testing, 'backend'> {
  return {
    async close(actual, expected, loosened) {
      const e = asNumbers(expected);
      requireShape(actual, e.shape);
      const numbers = await actual.raw();
      requireCount(numbers.length, e);
      usage.comparisons++;
      const tol = tolerance(precision, loosened);
      let worst = 0;
      let at = 0;
      for (let i = 0; i < numbers.length; i++) {
        const a = numbers[i]!;
        const used = actual.dtype === 'float32' ? fractionUsed(a, e.data[i]!, tol) : a === e.data[i] ? 0 : Infinity;
        if (used > worst) [worst, at] = [used, i];
      }
      usage.worst = Math.max(usage.worst, worst);
      if (worst <= 1) return;
      const by = Number.isFinite(worst) && actual.dtype === 'float32' ? `, ${worst.toPrecision(3)} times the tolerance apart` : '';
      throw new Mismatch(`at ${indexOf(at, e.shape)}: ${numbers[at]}, expected ${e.data[at]}${by}`, {
        shape: e.shape,
        expected: Array.from(e.data),
        actual: Array.from(numbers),
      });
    },

    async same(a, b) {
      const [p, q] = [await plain(a), await plain(b)];
      usage.comparisons++;
      if (p.length === q.length && p.every((v, i) => v === q[i] || Object.is(v, q[i]))) return;
      throw new Mismatch(`${show(p)} is not the same as ${show(q)}`, { shape: [q.length], expected: q, actual: p });
    },

    async throws(code, f) {
      usage.comparisons++;
      let thrown: unknown;
      try {
        await f();
      } catch (error) {
        thrown = error;
      }
      if (thrown === undefined) throw new Mismatch(`nothing was thrown, expected an error with code ${code}`);
      if (!(thrown instanceof RecurraError)) {
        throw new Mismatch(`expected an error with code ${code}, but got ${String(thrown)}`);
      }
      if (thrown.code !== code) throw new Mismatch(`expected an error with code ${code}, but got ${thrown.code}: ${thrown.message}`);
    },
  };
}

export function asNumbers(expected: Expected): Numbers {
  if (typeof expected === 'object' && 'data' in expected) return expected;
  const shape: number[] = [];
  for (let level: Nested = expected; Array.isArray(level); level = level[0] as Nested) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return { shape, data: ([expected] as unknown[]).flat(Infinity as 1).map(Number) };
}

function requireShape(actual: Tensor, shape: readonly number[]): void {
  if (actual.shape.length === shape.length && actual.shape.every((n, i) => n === shape[i])) return;
  throw new Mismatch(`the shape is [${actual.shape.join(', ')}], expected [${shape.join(', ')}]`);
}

function requireCount(count: number, expected: Numbers): void {
  if (count === expected.data.length) return;
  throw new Mismatch(`read gave ${count} numbers, expected ${expected.data.length}`);
}

/** Tensors as dtype, shape and numbers; arrays as their elements; all else as it is. */
async function plain(x: Sameable): Promise<unknown[]> {
  if (isTensor(x)) return [x.dtype, ...x.shape, ...(await x.raw())];
  if (ArrayBuffer.isView(x)) return Array.from(x as unknown as ArrayLike<number>);
  if (Array.isArray(x)) return (await Promise.all(x.map(plain))).flat();
  return [x];
}

function indexOf(position: number, shape: readonly number[]): string {
  const index: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(position % shape[axis]!);
    position = Math.floor(position / shape[axis]!);
  }
  return `[${index.join(', ')}]`;
}

function show(values: readonly unknown[]): string {
  return `[${values.slice(0, 8).map(String).join(', ')}${values.length > 8 ? ', …' : ''}]`;
}
