/** Means over the rows of an epoch, as sums so far: Keras weighs each batch by its rows. */
import type { Logs } from './progress.js';

/** Numbers times rows, and the rows. */
export interface Sums {
  readonly rows: number;
  readonly values: Readonly<Record<string, number>>;
}

export const noSums: Sums = { rows: 0, values: {} };

/** The sums with some rows more. */
export function added(sums: Sums, values: Readonly<Record<string, number>>, rows: number): Sums {
  const total = Object.entries(values).map(([name, x]) => [name, (sums.values[name] ?? 0) + x * rows] as const);
  return { rows: sums.rows + rows, values: Object.fromEntries(total) };
}

export function means({ rows, values }: Sums): Logs {
  return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, x / rows]));
}
