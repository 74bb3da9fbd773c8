/**
 * What a backend is known to fail, and why. A list that is wrong fails: a case that passes again, or that does not
 * exist, must leave it.
 */
import { ArgumentError } from '@recurra/core';
import type { CaseResult } from './run-case.js';

/** Reasons by case id. */
export type KnownFailures = Readonly<Record<string, string>>;

/**
 * Reads a list: a line `id: reason` each; lines that are empty or begin with # do not count.
 *
 *     kernels/unary/expm1-relative: the device computes exp(x) − 1
 *
 * @throws ArgumentError for other lines, and for an id that is there twice
 */
export function parseKnownFailures(text: string): KnownFailures {
  const op = 'parseKnownFailures';
  const example = 'ops/pad: a reason';
  if (typeof text !== 'string') throw new ArgumentError(op, 'needs a text', { text }, `a line each: ${example}`);
  const known = new Map<string, string>();
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const at = line.indexOf(':');
    const [id, reason] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (at < 1 || reason === '')
      throw new ArgumentError(op, `line ${i + 1} is not 'id: reason'`, { line }, `for example ${example}`);
    if (known.has(id)) throw new ArgumentError(op, `line ${i + 1} names ${id} again`, { line }, 'one line for each id');
    known.set(id, reason);
  });
  return Object.fromEntries(known);
}

/** The result in the light of the list: a failure that it names is known, a pass that it names is stale. */
export function judged(result: CaseResult, known: KnownFailures): CaseResult {
  const reason = Object.hasOwn(known, result.id) ? known[result.id] : undefined;
  if (reason === undefined) return result;
  if (result.status === 'failed') return { ...result, status: 'known', reason };
  if (result.status !== 'passed') return result;
  const message = `the list of known failures is stale: this passes now, though it says '${reason}'\nhint: take the line of ${result.id} out of the list`;
  return {
    ...result,
    status: 'failed',
    failure: { message, error: new Error(message), inputs: [], mayFollowFrom: [] },
  };
}

/** Ids of the list that no case has. */
export function unknownIds(known: KnownFailures, ids: Iterable<string>): string[] {
  const all = new Set(ids);
  return Object.keys(known).filter((id) => !all.has(id));
}
