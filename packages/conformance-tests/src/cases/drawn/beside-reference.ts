/**
 * A problem by chance on the backend under test, beside the same in float64. How far rounding alone may lead is measured: a
 * number may be away by the tolerance, or by 8 times what the same ops in the precision of the backend are, each rounded
 * once. A problem where that passes 1/1000 says nothing (recurrences with large weights are chaotic), so another is drawn.
 */
import { scope, type Backend, type Tensor } from '@recurra/core';
import type { CaseEntry, Expected, Testing } from '../../case.js';
import { referenceBackend } from '../../reference-backend.js';
import { roundedBackend } from '../../rounded-backend.js';
import { fractionOf, toleranceOf } from '../../tolerance.js';
import { drawFrom, type Draw } from './draw.js';

/** Draws first, then makes tensors of what was drawn, on any backend. */
export type Problem = (draw: Draw) => (backend: Backend) => readonly Tensor[];

interface Chosen {
  readonly make: (backend: Backend) => readonly Tensor[];
  readonly exact: readonly Expected[];
  /** Of the tolerance. */
  readonly factor: number;
  /** How many problems were drawn before this one. */
  readonly redrawn: number;
}

export function besideReference(seed: number, name: string, problem: Problem): CaseEntry {
  const chosen = new Map<Backend['precision'], Promise<Chosen>>();
  return {
    async wait(t: Testing) {
      const { precision } = t.backend;
      if (!chosen.has(precision)) chosen.set(precision, choose(seed, name, problem, precision));
      const { make, exact, factor, redrawn } = await chosen.get(precision)!;
      const actual = scope(() => make(t.backend));
      const because = `8 times the distance of these ops, each rounded once, from float64; ${redrawn} drawn before`;
      await t.same(actual.length, exact.length);
      await Promise.all(actual.map((x, i) => t.close(x, exact[i]!, factor > 1 ? { factor, because } : undefined)));
      for (const x of new Set(actual)) x.dispose();
    },
  };
}

export async function choose(
  seed: number,
  name: string,
  problem: Problem,
  precision: Backend['precision'],
): Promise<Chosen> {
  const tolerance = toleranceOf({ precision });
  const most = Math.max(1e-3, 8 * tolerance);
  for (let redrawn = 0; redrawn < 100; redrawn++) {
    const make = problem(drawFrom(seed, `${name}, ${redrawn}`));
    const exact = await numbersOf(make, referenceBackend());
    if (precision === 64) return { make, exact, factor: 1, redrawn };
    const rounded = await numbersOf(make, roundedBackend(precision));
    const fraction = Math.max(
      0,
      ...exact.flatMap(({ data }, i) =>
        data.map((v, j) => {
          const found = rounded[i]!.data[j]!;
          // Beyond the largest number of 16 bits there is no distance.
          return Number.isNaN(v) && Number.isNaN(found) ? 0 : fractionOf(found, v, tolerance);
        }),
      ),
    );
    if (8 * fraction * tolerance <= most) return { make, exact, factor: Math.max(1, 8 * fraction), redrawn };
  }
  throw new Error(`${name}: a hundred problems in a row are chaotic`);
}

async function numbersOf(
  make: (backend: Backend) => readonly Tensor[],
  backend: Backend,
): Promise<{ shape: readonly number[]; data: number[] }[]> {
  const made = scope(() => make(backend));
  return Promise.all(made.map(async (x) => ({ shape: x.shape, data: Array.from(await x.raw()) })));
}
