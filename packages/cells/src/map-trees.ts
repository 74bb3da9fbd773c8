/** Two trees of the same form, leaf by leaf: a state before a step and after it. */
import { isTensor } from '@recurra/core';
import type { Tensor } from '@recurra/core';

export function mapTrees<T>(a: T, b: T, f: (a: Tensor, b: Tensor) => Tensor): T {
  if (isTensor(a)) return f(a, b as Tensor) as T;
  if (Array.isArray(a)) return a.map((x, i) => mapTrees(x, (b as unknown[])[i], f)) as T;
  if (a !== null && typeof a === 'object') {
    return Object.fromEntries(
      Object.entries(a).map(([key, x]) => [key, mapTrees(x, (b as Record<string, unknown>)[key], f)]),
    ) as T;
  }
  return a;
}
