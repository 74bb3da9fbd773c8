/**
 * How close is close enough: |a − e| ≤ tol·(1 + |e|), where tol follows from the precision of a backend, here and
 * nowhere else.
 */
import { ArgumentError, type Backend } from '@recurra/core';

/** A case that cannot keep to the tolerance says by which factor it may miss it, and why. */
export interface Loosened {
  /** Above 1. */
  readonly factor: number;
  readonly because: string;
}

const tolerances: Readonly<Record<Backend['precision'], number>> = { 64: 1e-12, 32: 2e-6, 16: 5e-3 };

/**
 * For 'float32' tensors; int32 and bool are exact.
 *
 * @throws ArgumentError unless the precision is 16, 32 or 64
 */
export function toleranceOf(backend: Pick<Backend, 'precision'>, loosened?: Loosened): number {
  const precision: unknown = backend?.precision;
  if (precision !== 16 && precision !== 32 && precision !== 64)
    throw new ArgumentError('toleranceOf', 'precision must be 16, 32 or 64', { precision }, '{ precision: 32 }');
  return tolerances[precision] * (loosened?.factor ?? 1);
}

/**
 * How much of the tolerance an actual number uses: at most 1 is close enough. NaN is close to NaN alone, an infinity to
 * itself alone.
 */
export function fractionOf(actual: number, expected: number, tolerance: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  if (!Number.isFinite(actual) || !Number.isFinite(expected)) return Infinity;
  return Math.abs(actual - expected) / (tolerance * (1 + Math.abs(expected)));
}
