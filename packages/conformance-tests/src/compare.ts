/** What a case compares with: its failures carry the numbers, so that a report can show them. */
import { isTensor, keep, leaves, RecurraError, reshape, type Backend, type Tensor } from '@recurra/core';
import type { Expected, Nested, Numbers, Sameable, Testing } from './case.js';
import { fractionOf, toleranceOf } from './tolerance.js';

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

/** The comparisons of one case, and how they went. */
export interface Comparisons extends Omit<Testing, 'backend'> {
  /** The greatest share of the tolerance that one of them used. */
  readonly worst: number;
  readonly count: number;
  /** Resolves when all have been made, rejects with the first that failed. */
  finish(): Promise<void>;
}

export function comparisons(backend: Backend): Comparisons {
  const pending: Promise<void>[] = [];
  let worst = 0;
  /** Begins now; `finish` hears of it even if the case does not wait. */
  const compare = (look: () => Promise<void>): Promise<void> => {
    const made = look();
    made.catch(() => undefined);
    pending.push(made);
    return made;
  };

  return {
    get worst() {
      return worst;
    },
    get count() {
      return pending.length;
    },
    async finish() {
      await Promise.allSettled(pending);
      await Promise.all(pending);
    },

    close: (actual, expected, loosened) =>
      compare(async () => {
        const e = asNumbers(expected);
        requireShape(actual, e.shape);
        const numbers = await numbersOf(actual);
        if (numbers.length !== e.data.length)
          throw new Mismatch(`read gave ${numbers.length} numbers, expected ${e.data.length}`);
        const tolerance = toleranceOf(backend, loosened);
        const floats = actual.dtype === 'float32';
        let most = 0;
        let at = 0;
        for (let i = 0; i < numbers.length; i++) {
          const [a, wanted] = [numbers[i]!, e.data[i]!];
          const used = floats ? fractionOf(a, wanted, tolerance) : a === wanted ? 0 : Infinity;
          if (used > most) [most, at] = [used, i];
        }
        worst = Math.max(worst, most);
        if (most <= 1) return;
        const by = Number.isFinite(most) ? `, ${most.toPrecision(3)} times the tolerance apart` : '';
        throw new Mismatch(`at ${indexOf(at, e.shape)}: ${numbers[at]}, expected ${e.data[at]}${by}`, {
          shape: e.shape,
          expected: Array.from(e.data),
          actual: Array.from(numbers),
        });
      }),

    same: (a, b) =>
      compare(async () => {
        const [p, q] = await Promise.all([plain(a), plain(b)]);
        if (p.length === q.length && p.every((v, i) => v === q[i] || Object.is(v, q[i]))) return;
        throw new Mismatch(`${show(p)} is not the same as ${show(q)}`, { shape: [q.length], expected: q, actual: p });
      }),

    throws: (code, f) =>
      compare(async () => {
        const thrown = await errorOf(f);
        if (thrown === undefined) throw new Mismatch(`nothing was thrown, expected an error with code ${code}`);
        if (!(thrown instanceof RecurraError))
          throw new Mismatch(`expected an error with code ${code}, got ${String(thrown)}`);
        if (thrown.code !== code)
          throw new Mismatch(`expected an error with code ${code}, got ${thrown.code}: ${thrown.message}`);
      }),
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

/** Reads through a share of the buffer: the tensor itself may be freed meanwhile. */
async function numbersOf(x: Tensor): Promise<ArrayLike<number>> {
  const share = keep(reshape(x, x.shape));
  try {
    return await share.raw();
  } finally {
    share.dispose();
  }
}

/** What `f` throws, or its promise rejects with; what it gives instead is freed. */
async function errorOf(f: () => unknown): Promise<unknown> {
  try {
    const given = f();
    for (const x of leaves(given instanceof Promise ? await given : given)) x.dispose();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Tensors as dtype, shape and numbers; arrays as their elements; all else as it is. */
async function plain(x: Sameable): Promise<unknown[]> {
  if (isTensor(x)) return [x.dtype, ...x.shape, ...Array.from(await numbersOf(x))];
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
