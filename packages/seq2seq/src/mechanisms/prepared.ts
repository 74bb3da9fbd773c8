/** What both mechanisms refuse: a query or prepared keys that are not as wide as the keys. */
import { ShapeError, type Shape } from '@recurra/core';

export const lastAxis = (shape: Shape | undefined): number | null => shape?.at(-1) ?? null;

export function checkPrepared(op: string, role: 'query' | 'prepared', shape: Shape | undefined, units: number): void {
  if (shape === undefined || shape.at(-1) === units) return;
  const hint =
    role === 'query' ? 'bahdanauMechanism takes queries of any width' : 'score.prepare(params, memory) makes them';
  throw new ShapeError(op, `${role} must have as many features as units`, { [role]: shape, units }, hint);
}
