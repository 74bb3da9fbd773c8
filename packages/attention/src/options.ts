/** Options by name: an unknown one is an error that names the nearest, never ignored. */
import { ArgumentError } from '@recurra/core';

/** Throws for a key that is not an option: a misspelt one would else be as if it had not been there. */
export function checkOptions(op: string, options: unknown, known: readonly string[]): void {
  if (options === null || typeof options !== 'object') {
    throw new ArgumentError(op, 'options must be an object', { options }, `${op}({ ${known.join(', ')} })`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new ArgumentError(op, `there is no option '${key}'`, { options: known }, didYouMean(key, known));
  }
}

/** The value, when it is one of the names. */
export function checkedName<N extends string>(op: string, role: string, value: unknown, known: readonly N[]): N {
  if (known.includes(value as N)) return value as N;
  throw new ArgumentError(op, `${role} is not known`, { [role]: value, known }, didYouMean(String(value), known));
}

function didYouMean(name: string, known: readonly string[]): string {
  let nearest = known[0] ?? '';
  for (const candidate of known) if (distance(name, candidate) < distance(name, nearest)) nearest = candidate;
  return distance(name, nearest) <= 3 ? `did you mean '${nearest}'?` : `one of ${known.join(', ')}`;
}

/** Levenshtein's distance, without regard to case: how many letters to insert, delete or replace. */
function distance(from: string, to: string): number {
  const a = from.toLowerCase();
  const b = to.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
