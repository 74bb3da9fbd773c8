/** What a learning rate schedule is, and what all of them check. */
import { ArgumentError, checkedFinite } from '@recurra/core';

/** The learning rate of an update, by the number of updates before it: 0, 1, 2, … A pure function, so it has no state. */
export type Schedule = (step: number) => number;

/** A number above 0. */
export function checkedPositive(op: string, role: string, value: unknown): number {
  const x = checkedFinite(op, role, value);
  if (x > 0) return x;
  throw new ArgumentError(op, `${role} must be above 0`, { [role]: value }, `for example ${role}: 1000`);
}

/** A number of at least 0. */
export function checkedNonNegative(op: string, role: string, value: unknown): number {
  const x = checkedFinite(op, role, value);
  if (x >= 0) return x;
  throw new ArgumentError(op, `${role} must not be negative`, { [role]: value }, `for example ${role}: 0.001`);
}

/** The number of updates before this one. */
export function checkedStep(op: string, step: unknown): number {
  return checkedNonNegative(op, 'step', step);
}
