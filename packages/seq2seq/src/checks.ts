/** What the decoders refuse, each with the facts and what to do instead. */
import { ArgumentError } from '@recurra/core';
import { nextSeed } from '@recurra/core/random';

/** Throws unless the part has the function that makes it one. */
export function checkedPart(op: string, role: string, part: unknown, has: string, hint: string): void {
  const f = (part as Readonly<Record<string, unknown>> | null | undefined)?.[has];
  if (typeof f !== 'function') throw new ArgumentError(op, `${role} is not what it must be`, { [role]: part }, hint);
}

/** A seed, drawn where none is given. */
export function checkedSeed(op: string, seed: unknown): number {
  if (seed === undefined || seed === null) return nextSeed();
  if (Number.isSafeInteger(seed)) return seed as number;
  throw new ArgumentError(op, 'seed must be a whole number', { seed }, 'seed: 42');
}

/** Parameters are a tree with these four parts. */
export function checkParts(op: string, params: unknown): void {
  const of = (params ?? {}) as Readonly<Record<string, unknown>>;
  const missing = ['cell', 'score', 'attention', 'alignment'].filter((part) => of[part] == null);
  if (missing.length === 0) return;
  throw new ArgumentError(
    op,
    `params lack ${missing.join(', ')}`,
    { params },
    'decoder.init({ inputs: 12, memory: 32 })',
  );
}
